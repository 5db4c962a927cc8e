using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Configuration;
using AkkaDurable.Placement;
using AkkaDurable.Storage;

namespace AkkaDurable.Cluster.Tests;

/// <summary>One node of a test cluster: an actor system of its own, on a free loopback port.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private const string Settings = """
        akka {
          loglevel = WARNING
          stdout-loglevel = WARNING
          log-dead-letters = off
          actor.provider = cluster
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
          cluster {
            gossip-interval = 200ms
            leader-actions-interval = 200ms
            min-nr-of-members = 1
            down-removal-margin = 100ms
            sharding {
              retry-interval = 200ms
              handoff-timeout = 15s
              distributed-data.durable.keys = []
            }
          }
        }
        """;

    private CurrentRegions? _regions;

    private TestNode(ActorSystem system) => System = system;

    public ActorSystem System { get; }

    public DurableServers Servers => DurableServers.Get(System);

    public Address Address => global::Akka.Cluster.Cluster.Get(System).SelfAddress;

    /// <summary>Starts a node over a store that outlives it. Without a seed it is a cluster of its own.</summary>
    public static async Task<TestNode> StartAsync(IStateStore store, TestNode? seed = null, Action<DurableServersSetup>? configure = null, string hocon = "", PlacementSetup? placement = null)
    {
        var durable = new DurableServersSetup { StateStore = _ => new UndisposedStore(store) };
        configure?.Invoke(durable);
        var config = ConfigurationFactory.ParseString(hocon).WithFallback(ConfigurationFactory.ParseString(Settings));
        var system = ActorSystem.Create("test", ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config), durable, placement ?? new PlacementSetup()));
        var node = new TestNode(system);
        var cluster = global::Akka.Cluster.Cluster.Get(system);
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.RegisterOnMemberUp(up.SetResult);
        await cluster.JoinAsync(seed?.Address ?? cluster.SelfAddress);
        await up.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return node;
    }

    /// <summary>Waits until the coordinator of a type knows that this node takes shards of it. Before, all shards would go to those that were first.</summary>
    public Task UntilItTakesShardsAsync(string typeName) => Eventually.TrueAsync(
        async () =>
        {
            var region = ClusterSharding.Get(System).ShardRegion(typeName);
            var regions = await Record.ExceptionAsync(Ask) is null ? _regions : null;
            return regions?.Regions.Contains(Address) == true;

            async Task Ask() => _regions = await region.Ask<CurrentRegions>(GetCurrentRegions.Instance, TimeSpan.FromSeconds(1));
        },
        $"{Address} takes shards of {typeName}");

    /// <summary>Leaves the cluster in order.</summary>
    public Task LeaveAsync() => CoordinatedShutdown.Get(System).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);

    public async ValueTask DisposeAsync() => await LeaveAsync();

    /// <summary>A store shared by several nodes is disposed of by the test, not by the first node that goes.</summary>
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2215", Justification = "That is its purpose.")]
    private sealed class UndisposedStore(IStateStore inner) : DelegatingStateStore(inner)
    {
        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
