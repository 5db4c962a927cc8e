using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Configuration;
using AkkaDurable.Benchmarks.Processes;

namespace AkkaDurable.Benchmarks.Contenders.OnAkka;

/// <summary>Cluster sharding and plain actors on another node, called with Ask through a proxy; binary serializers.</summary>
internal sealed class RemoteAkka : RemoteContender
{
    private const string TypeName = "counter";

    private readonly ActorSystem _system;
    private readonly IActorRef _proxy;
    private readonly string[] _keys;

    private RemoteAkka(ChildProcess host, ActorSystem system, IActorRef proxy, int count)
        : base(PlainCounters.DefaultName, host)
    {
        _system = system;
        _proxy = proxy;
        _keys = CounterKeys.First(count);
    }

    /// <summary>In the second process.</summary>
    /// <returns>The node's address.</returns>
    public static async Task<string> HostAsync()
    {
        var system = await ClusterNode.StartAsync(RemoteSettings.Host.WithFallback(CommandSerializer.Config));
        await ClusterSharding.Get(system).StartAsync(
            TypeName, _ => Props.Create<PlainCounter>(), ClusterShardingSettings.Create(system).WithRole(RemoteSettings.HostRole), new CounterExtractor());
        return Akka.Cluster.Cluster.Get(system).SelfAddress.ToString();
    }

    public static async Task<IContender> StartAsync(int count, Config settings)
    {
        var host = await ChildProcess.StartAsync(ChildRoles.HostAkka);
        var system = await ClusterNode.JoinAsync(host.Answer, settings.WithFallback(RemoteSettings.Caller).WithFallback(CommandSerializer.Config));
        return new RemoteAkka(host, system, await ClusterSharding.Get(system).StartProxyAsync(TypeName, RemoteSettings.HostRole, new CounterExtractor()), count);
    }

    public override ValueTask<int> IncrementAsync(int counter) => new(_proxy.Ask<int>(new AddCommand(_keys[counter], 1), ClusterNode.CallTimeout));

    public override ValueTask<int> GetAsync(int counter) => new(_proxy.Ask<int>(new GetCommand(_keys[counter]), ClusterNode.CallTimeout));

    protected override Task StopCallerAsync() => ClusterNode.StopAsync(_system);
}
