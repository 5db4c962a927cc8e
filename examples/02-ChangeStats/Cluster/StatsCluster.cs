using AkkaDurable;

namespace ChangeStats.Cluster;

/// <summary>What nodes and feeder agree on.</summary>
internal static class StatsCluster
{
    public const string Name = "change-stats";

    /// <summary>The name of the server type.</summary>
    public const string ServerType = "file-stats";

    /// <summary>The role of the nodes that run the servers.</summary>
    public const string NodeRole = "stats";

    /// <summary>The role of the members that only call them.</summary>
    public const string FeederRole = "feeder";

    private const string Loopback = "127.0.0.1";

    /// <summary>How the servers run, on nodes and for those that call them.</summary>
    public static Action<DurableServerOptions> Servers(NodePlacement? placement) => server =>
    {
        server.Role = NodeRole;
        placement?.Apply(server);
    };

    #region membership
    public static Action<DurableClusterOptions> Membership(int port, IReadOnlyList<int> seeds, string role) => cluster =>
    {
        cluster.Hostname = Loopback;
        cluster.Port = port;
        cluster.SeedNodes = [.. seeds.Select(seed => $"akka.tcp://{Name}@{Loopback}:{seed}")];
        cluster.Roles = [role];
    };
    #endregion
}
