using Akka.Configuration;

namespace AkkaDurable.Hosting.Internal.Clustering;

/// <summary>The settings of Akka behind each <see cref="FailureProfile"/>.</summary>
internal static class FailureProfileHocon
{
    // A frame of 1 MiB, and buffers that hold two.
    // down-removal-margin: "off" would mean "as long as stable-after" and be waited for twice. Its purpose, that two owners never write at once, is served by the fence in the state store.
    // rebalance-interval: how long an operator waits until a move or a drain begins; how many shards move at once is bounded by PlacementOptions.
    // handoff-timeout: also bounds how long a shard stalls whose node dies in the middle of a hand-over.
    private const string Common = """
        akka.remote.dot-netty.tcp {
          maximum-frame-size = 1048576b
          send-buffer-size = 2097152b
          receive-buffer-size = 2097152b
        }
        akka.cluster {
          downing-provider-class = "Akka.Cluster.SBR.SplitBrainResolverProvider, Akka.Cluster"
          split-brain-resolver.active-strategy = keep-majority
          down-removal-margin = 100ms
          run-coordinated-shutdown-when-down = on
          sharding {
            handoff-timeout = 20s
            rebalance-interval = 2s
            distributed-data.durable.keys = []
          }
        }
        """;

    private const string Balanced = """
        akka.cluster {
          gossip-interval = 250ms
          leader-actions-interval = 250ms
          failure-detector {
            heartbeat-interval = 500ms
            acceptable-heartbeat-pause = 2s
          }
          split-brain-resolver.stable-after = 3s
          sharding.retry-interval = 200ms
        }
        """;

    // release-after (40 s) is Akka's: the other side must have asked for the lease and been refused by then.
    // hand-over-within-cluster: or else a second node that is lost within that time puts out the whole cluster when another node than the holder has to decide.
    private const string Lease = """
        akka.cluster.split-brain-resolver {
          active-strategy = lease-majority
          lease-majority.lease-implementation = akka-durable.split-brain-lease
        }
        akka-durable.split-brain-lease {
          lease-class = "AkkaDurable.Sql.SqlLease, AkkaDurable.Sql"
          hand-over-within-cluster = on
          lease-operation-timeout = 5s
        }
        """;

    // A holder that is lost itself must have lost the lease when the others decide about it, which is no sooner than acceptable-heartbeat-pause and stable-after together: 5 s, and 23 s.
    // acquire-lease-delay-for-minority: how far the larger side is ahead; it is part of the time that a smaller one takes to serve all keys when a region is lost.
    private const string BalancedLease = """
        akka.cluster.split-brain-resolver.lease-majority.acquire-lease-delay-for-minority = 1s
        akka-durable.split-brain-lease {
          heartbeat-timeout = 4s
          heartbeat-interval = 1s
        }
        """;

    private const string PatientLease = """
        akka.cluster.split-brain-resolver.lease-majority.acquire-lease-delay-for-minority = 2s
        akka-durable.split-brain-lease {
          heartbeat-timeout = 15s
          heartbeat-interval = 3s
        }
        """;

    public static Config Of(FailureProfile profile, SplitBrainStrategy splitBrain)
    {
        var isBalanced = profile == FailureProfile.Balanced;
        string[] layers = [.. isBalanced ? (string[])[Balanced] : [], .. splitBrain == SplitBrainStrategy.LeaseMajority ? (string[])[isBalanced ? BalancedLease : PatientLease, Lease] : [], Common];
        return layers.Select(ConfigurationFactory.ParseString).Aggregate((over, under) => over.WithFallback(under));
    }
}
