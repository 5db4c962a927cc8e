using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster;
using Akka.Configuration;

namespace AkkaDurable.Benchmarks.Contenders.OnAkka;

/// <summary>An actor system that is a cluster of its own on loopback. The same settings for every contender.</summary>
internal static class ClusterNode
{
    public const int ShardCount = 100;

    /// <summary>For every call; far beyond what any should take, so that a slow contender is measured instead of failed.</summary>
    public static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(30);

    private const string Settings = """
        akka {
          loglevel = ERROR
          stdout-loglevel = ERROR
          log-dead-letters = off
          coordinated-shutdown.run-by-clr-shutdown-hook = off
          actor.provider = cluster
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
          cluster.sharding {
            state-store-mode = ddata
            remember-entities = off
            passivate-idle-entity-after = off
            retry-interval = 200ms
            distributed-data.durable.keys = []
          }
        }
        """;

    public static async Task<ActorSystem> StartAsync(Config own, params Setup[] setups)
    {
        var bootstrap = BootstrapSetup.Create().WithConfig(own.WithFallback(ConfigurationFactory.ParseString(Settings)));
        var system = ActorSystem.Create("benchmark", ActorSystemSetup.Create([bootstrap, .. setups]));
        var cluster = Akka.Cluster.Cluster.Get(system);
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.RegisterOnMemberUp(up.SetResult);
        await cluster.JoinAsync(cluster.SelfAddress);
        await up.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return system;
    }

    public static Task StopAsync(ActorSystem system) => CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
}
