using Akka.Actor;
using Akka.Configuration;
using AkkaDurable.Benchmarks.Contenders.OnAkka;
using AkkaDurable.Storage;

namespace AkkaDurable.Benchmarks.Contenders.OnAkkaDurable;

/// <summary>AkkaDurable with its defaults; only passivation is off and the time-out long, as for the others.</summary>
internal sealed class DurableCounters : IContender
{
    public const string DefaultName = "AkkaDurable";
    public const string ServerType = "counter";

    private readonly string[] _keys;
    private readonly Func<IStateStore> _openStore;
    private readonly DurableTuning _tuning;
    private ActorSystem _system = null!;
    private ServerRef[] _counters = [];

    private DurableCounters(string name, int count, Func<IStateStore> openStore, DurableTuning tuning)
    {
        Name = name;
        _keys = CounterKeys.First(count);
        _openStore = openStore;
        _tuning = tuning;
    }

    public string Name { get; }

    public static async Task<IContender> StartAsync(int count, Func<IStateStore> openStore, DurableTuning? tuning = null, string name = DefaultName)
    {
        var counters = new DurableCounters(name, count, openStore, tuning ?? DurableTuning.None);
        await counters.StartNodeAsync();
        return counters;
    }

    public ValueTask<int> IncrementAsync(int counter) => _counters[counter].CallAsync(new Increment(1));

    public ValueTask<int> GetAsync(int counter) => _counters[counter].CallAsync(new GetCount());

    public async Task RestartAsync()
    {
        await DisposeAsync();
        await StartNodeAsync();
    }

    public async ValueTask DisposeAsync() => await ClusterNode.StopAsync(_system);

    public static DurableServerOptions Options(DurableTuning tuning)
    {
        var options = new DurableServerOptions { ShardCount = ClusterNode.ShardCount, PassivateAfter = Timeout.InfiniteTimeSpan, CallTimeout = ClusterNode.CallTimeout };
        tuning.Servers(options);
        return options;
    }

    private async Task StartNodeAsync()
    {
        var setup = new DurableServersSetup { StateStore = _ => _openStore() };
        _tuning.Node(setup);
        _system = await ClusterNode.StartAsync(Config.Empty, setup);
        var servers = await DurableServers.Get(_system).RegisterAsync<Counter>(ServerType, Options(_tuning));
        _counters = [.. _keys.Select(key => servers[key])];
    }
}
