using Akka.Actor;
using Akka.Configuration;
using AkkaDurable.Storage;

namespace AkkaDurable.Benchmarks.Counters;

/// <summary>AkkaDurable with its defaults; only passivation is off and the time-out long, as for the others.</summary>
internal sealed class DurableCounters : ICounters
{
    private readonly Func<IStateStore> _openStore;
    private ActorSystem _system = null!;
    private IDurableServers<Counter> _counters = null!;

    private DurableCounters(Func<IStateStore> openStore) => _openStore = openStore;

    public string Name => "AkkaDurable";

    public static async Task<DurableCounters> StartAsync(Func<IStateStore> openStore)
    {
        var counters = new DurableCounters(openStore);
        await counters.StartNodeAsync();
        return counters;
    }

    public ValueTask<int> IncrementAsync(string key) => _counters[key].CallAsync(new Increment(1));

    public ValueTask<int> GetAsync(string key) => _counters[key].CallAsync(new GetCount());

    public async Task RestartAsync()
    {
        await DisposeAsync();
        await StartNodeAsync();
    }

    public async ValueTask DisposeAsync() => await ClusterNode.StopAsync(_system);

    private async Task StartNodeAsync()
    {
        _system = await ClusterNode.StartAsync(Config.Empty, new DurableServersSetup { StateStore = _ => _openStore() });
        _counters = await DurableServers.Get(_system).RegisterAsync<Counter>("counter", new DurableServerOptions
        {
            ShardCount = ClusterNode.ShardCount,
            PassivateAfter = Timeout.InfiniteTimeSpan,
            CallTimeout = ClusterNode.CallTimeout,
        });
    }
}
