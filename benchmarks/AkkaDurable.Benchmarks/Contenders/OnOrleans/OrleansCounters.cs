using Microsoft.Extensions.Hosting;

namespace AkkaDurable.Benchmarks.Contenders.OnOrleans;

/// <summary>Microsoft Orleans: a silo, and calls from within its process.</summary>
internal sealed class OrleansCounters : IContender
{
    public const string DefaultName = "Orleans";
    public const string ScriptsName = "Orleans (its scripts)";

    private readonly string[] _keys;
    private readonly OrleansStorage? _storage;
    private IHost _silo = null!;
    private ICounterGrain[] _grains = [];

    private OrleansCounters(string name, int count, OrleansStorage? storage)
    {
        Name = name;
        _keys = CounterKeys.First(count);
        _storage = storage;
    }

    public string Name { get; }

    /// <param name="count">How many counters.</param>
    /// <param name="storage">Where they are stored; null for nowhere.</param>
    /// <param name="name">What it is called.</param>
    public static async Task<IContender> StartAsync(int count, OrleansStorage? storage, string name = DefaultName)
    {
        var counters = new OrleansCounters(name, count, storage);
        await counters.StartSiloAsync();
        return counters;
    }

    public ValueTask<int> IncrementAsync(int counter) => _grains[counter].Increment(1);

    public ValueTask<int> GetAsync(int counter) => _grains[counter].Get();

    public async Task RestartAsync()
    {
        await OrleansSilo.StopAsync(_silo);
        await StartSiloAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await OrleansSilo.StopAsync(_silo);
        if (_storage is not null)
        {
            await _storage.DisposeAsync();
        }
    }

    private async Task StartSiloAsync()
    {
        _silo = await OrleansSilo.StartAsync(_storage);
        _grains = OrleansSilo.Grains(_silo, _keys, isStored: _storage is not null);
    }
}
