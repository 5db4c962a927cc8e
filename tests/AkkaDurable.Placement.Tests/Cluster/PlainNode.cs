using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster.Sharding;
using Akka.Configuration;

namespace AkkaDurable.Placement.Tests.Cluster;

/// <summary>A node of a plain Akka.NET cluster that shards plain actors, placed by our strategy.</summary>
internal sealed class PlainNode : IAsyncDisposable
{
    public const string TypeName = "greeter";

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
            downing-provider-class = "Akka.Cluster.SBR.SplitBrainResolverProvider, Akka.Cluster"
            split-brain-resolver { stable-after = 1s, active-strategy = keep-oldest, keep-oldest.down-if-alone = off }
            down-removal-margin = 100ms
            failure-detector { heartbeat-interval = 200ms, acceptable-heartbeat-pause = 1s }
            sharding {
              state-store-mode = ddata
              retry-interval = 200ms
              rebalance-interval = 500ms
              handoff-timeout = 15s
              distributed-data.durable.keys = []
              distributed-data.majority-min-cap = 1
              coordinator-state.write-majority-plus = 0
            }
          }
        }
        """;

    private PlainNode(ActorSystem system, IActorRef region)
    {
        System = system;
        Region = region;
    }

    public ActorSystem System { get; }

    public IActorRef Region { get; }

    public string Address => global::Akka.Cluster.Cluster.Get(System).SelfAddress.ToString();

    public PlacementControl Control => PlacementControl.Get(System);

    #region plain
    public static async Task<IActorRef> StartSharding(ActorSystem system, IPlacementHistory history)
    {
        // On every node, so that it reports about itself and operators can steer from it.
        PlacementControl.Get(system);

        var strategy = new DurableShardAllocationStrategy(TypeName, new PlacementOptions
        {
            Policy = PlacementPolicy
                .StickTo(Locality.Machine, hold: TimeSpan.FromSeconds(10))
                .ThenTo(Locality.Region, hold: TimeSpan.FromSeconds(20))
                .ThenAnywhere(),
            StabilisationTime = TimeSpan.FromSeconds(2),
            History = history,
        });

        return await ClusterSharding.Get(system).StartAsync(
            TypeName, _ => Props.Create(() => new Greeter()), ClusterShardingSettings.Create(system), new GreeterExtractor(), strategy, PoisonPill.Instance);
    }
    #endregion

    public static async Task<PlainNode> StartAsync(NodeLocation location, IPlacementHistory history, PlainNode? seed = null, CapacityLimits? limits = null, Func<IReadOnlyDictionary<string, int>>? count = null)
    {
        #region roles
        var roles = string.Join(", ", location.MergeRoles(["web"]).Select(role => $"\"{role}\""));
        var config = ConfigurationFactory.ParseString($"akka.cluster.roles = [{roles}]");
        #endregion
        var setup = new PlacementSetup { ReportEvery = TimeSpan.FromMilliseconds(300), Limits = limits ?? CapacityLimits.None, CountServers = count };
        var system = ActorSystem.Create("plain", ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config.WithFallback(ConfigurationFactory.ParseString(Settings))), setup));
        var cluster = global::Akka.Cluster.Cluster.Get(system);
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.RegisterOnMemberUp(up.SetResult);
        await cluster.JoinAsync(global::Akka.Actor.Address.Parse(seed?.Address ?? cluster.SelfAddress.ToString()));
        await up.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return new PlainNode(system, await StartSharding(system, history));
    }

    /// <summary>Asks a greeter which node it runs on; asks again while it has no answer.</summary>
    public async Task<string> WhereIs(string key, TimeSpan? within = null)
    {
        using var limit = new CancellationTokenSource(within ?? TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                return await Region.Ask<string>(key, TimeSpan.FromSeconds(1), limit.Token);
            }
            catch (AskTimeoutException)
            {
                limit.Token.ThrowIfCancellationRequested();
            }
        }
    }


    public async ValueTask DisposeAsync() => await CoordinatedShutdown.Get(System).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);

    private sealed class Greeter : ReceiveActor
    {
        public Greeter() => Receive<string>(_ => Sender.Tell(global::Akka.Cluster.Cluster.Get(Context.System).SelfAddress.ToString()));
    }

    /// <summary>Keys are <c>REGION/NAME</c>: the region becomes the shard's home.</summary>
    private sealed class GreeterExtractor : IMessageExtractor
    {
        public string? EntityId(object message) => message as string;

        public object EntityMessage(object message) => message;

        public string? ShardId(object message) => message is string key ? ShardId(key) : null;

        public string ShardId(string entityId, object? messageHint = null) => ShardOf(entityId);
    }

    public static string ShardOf(string key)
    {
        var slash = key.IndexOf('/');
        return new ShardName(slash < 0 ? null : key[..slash], key.Length % 10).ToString();
    }
}
