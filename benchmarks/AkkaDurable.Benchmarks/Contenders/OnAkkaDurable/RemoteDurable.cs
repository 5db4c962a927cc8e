using Akka.Actor;
using AkkaDurable.Benchmarks.Contenders.OnAkka;
using AkkaDurable.Benchmarks.Processes;
using AkkaDurable.Storage;

namespace AkkaDurable.Benchmarks.Contenders.OnAkkaDurable;

/// <summary>AkkaDurable's servers on another node, called through a proxy. Their store is in that node's memory.</summary>
internal sealed class RemoteDurable : RemoteContender
{
    private readonly ActorSystem _system;
    private readonly ServerRef[] _counters;

    private RemoteDurable(ChildProcess host, ActorSystem system, ServerRef[] counters)
        : base(DurableCounters.DefaultName, host)
    {
        _system = system;
        _counters = counters;
    }

    /// <summary>In the second process.</summary>
    /// <returns>The node's address.</returns>
    public static async Task<string> HostAsync()
    {
        var system = await ClusterNode.StartAsync(RemoteSettings.Host, new DurableServersSetup { StateStore = _ => new InMemoryStateStore() });
        await DurableServers.Get(system).RegisterAsync<Counter>(DurableCounters.ServerType, Options());
        return Akka.Cluster.Cluster.Get(system).SelfAddress.ToString();
    }

    public static async Task<IContender> StartAsync(int count)
    {
        var host = await ChildProcess.StartAsync(ChildRoles.HostDurable);
        var system = await ClusterNode.JoinAsync(host.Answer, RemoteSettings.Caller, new DurableServersSetup());
        var servers = await DurableServers.Get(system).RegisterProxyAsync<Counter>(DurableCounters.ServerType, Options());
        return new RemoteDurable(host, system, [.. CounterKeys.First(count).Select(key => servers[key])]);
    }

    public override ValueTask<int> IncrementAsync(int counter) => _counters[counter].CallAsync(new Increment(1));

    public override ValueTask<int> GetAsync(int counter) => _counters[counter].CallAsync(new GetCount());

    protected override Task StopCallerAsync() => ClusterNode.StopAsync(_system);

    private static DurableServerOptions Options() => DurableCounters.Options(new DurableTuning { Servers = options => options.Role = RemoteSettings.HostRole });
}
