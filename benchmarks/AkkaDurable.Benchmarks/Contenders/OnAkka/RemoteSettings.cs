using Akka.Configuration;

namespace AkkaDurable.Benchmarks.Contenders.OnAkka;

/// <summary>Settings of two nodes, the same for AkkaDurable and for plain sharding: one holds the counters, the other calls.</summary>
internal static class RemoteSettings
{
    public const string HostRole = "host";

    // On few cores the channel executor, which runs on the thread pool, beats Akka.Remote's own threads.
    private const string Shared = """
        akka {
          actor.default-dispatcher.executor = channel-executor
          actor.internal-dispatcher.executor = channel-executor
          remote.default-remote-dispatcher.executor = channel-executor
          remote.backoff-remote-dispatcher.executor = channel-executor
        }
        """;

    public static Config Host { get; } = ConfigurationFactory.ParseString(Shared + $"\nakka.cluster.roles = [{HostRole}]");

    public static Config Caller { get; } = ConfigurationFactory.ParseString(Shared + "\nakka.cluster.roles = [caller]");
}
