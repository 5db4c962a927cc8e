using AkkaDurable.Journal.Tests.Databases;
using AkkaDurable.Tests.Model;
using CsCheck;

namespace AkkaDurable.Journal.Tests.Model;

public sealed class DurabilityModelOnJournalTests(SqliteJournal database) : IClassFixture<SqliteJournal>
{
    private int _keys;

    [Fact]
    public Task Thirty_sequences_that_save_every_change() => Check(SavePolicy.EveryChange, 30);

    [Fact]
    public Task Fifteen_sequences_that_save_on_stop() => Check(SavePolicy.OnStop, 15);

    private async Task Check(SavePolicy policy, int samples)
    {
        await using var store = database.Open(database.NewPrefix());
        await store.PrepareAsync();
        await DurabilityModel.Steps.SampleAsync(steps => DurabilityModel.CheckAsync(store, $"model-{Interlocked.Increment(ref _keys)}", policy, steps), iter: samples);
    }
}
