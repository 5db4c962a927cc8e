using Akka.Configuration;

namespace AkkaDurable.Hosting.Internal.Clustering;

/// <summary>The settings of Akka behind each <see cref="FailureProfile"/>.</summary>
internal static class FailureProfileHocon
{
    // A frame of 1 MiB, and buffers that hold two.
    // down-removal-margin: "off" would mean "as long as stable-after" and be waited for twice. Its purpose, that two owners never write at once, is served by the fence in the state store.
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

    public static Config Of(FailureProfile profile)
    {
        var common = ConfigurationFactory.ParseString(Common);
        return profile == FailureProfile.Balanced ? ConfigurationFactory.ParseString(Balanced).WithFallback(common) : common;
    }
}
