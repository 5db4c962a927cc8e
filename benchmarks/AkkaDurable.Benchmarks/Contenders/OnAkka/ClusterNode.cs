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

    public static Task<ActorSystem> StartAsync(Config own, params Setup[] setups) => JoinAsync(seed: null, own, setups);

    /// <param name="seed">The address of a node to join; null for a cluster of its own.</param>
    /// <param name="own">Settings that take precedence.</param>
    /// <param name="setups">What else the actor system is made with.</param>
    public static async Task<ActorSystem> JoinAsync(string? seed, Config own, params Setup[] setups)
    {
        var bootstrap = BootstrapSetup.Create().WithConfig(own.WithFallback(ConfigurationFactory.ParseString(Settings)));
        var system = ActorSystem.Create("benchmark", ActorSystemSetup.Create([bootstrap, .. setups]));
        var cluster = Akka.Cluster.Cluster.Get(system);
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.RegisterOnMemberUp(up.SetResult);
        await cluster.JoinAsync(seed is null ? cluster.SelfAddress : Address.Parse(seed));
        await up.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return system;
    }

    public static Task StopAsync(ActorSystem system) => CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
}
