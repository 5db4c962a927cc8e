using AkkaDurable.Sql;
using CsCheck;

namespace AkkaDurable.Tests.Model;

public sealed class DurabilityModelOnSqliteTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akka-durable-");
    private SqlStateStore _store = null!;
    private int _keys;

    public async Task InitializeAsync()
    {
        _store = SqlStateStore.Create(new SqlStateStoreOptions { ConnectionString = $"Data Source={Path.Combine(_folder.FullName, "model.db")}" });
        await _store.PrepareAsync();
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public Task Three_hundred_sequences_that_save_every_change() => Check(SavePolicy.EveryChange, 300);

    [Fact]
    public Task A_hundred_sequences_that_save_on_stop() => Check(SavePolicy.OnStop, 100);

    private Task Check(SavePolicy policy, int samples) =>
        DurabilityModel.Steps.SampleAsync(steps => DurabilityModel.CheckAsync(_store, $"model-{Interlocked.Increment(ref _keys)}", policy, steps), iter: samples);
}
