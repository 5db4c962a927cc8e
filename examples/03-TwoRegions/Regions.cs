using Akka.Hosting;
using AkkaDurable;
using AkkaDurable.Placement;

namespace TwoRegions;

/// <summary>What all members of the cluster agree on.</summary>
internal static class Regions
{
    public const string Cluster = "two-regions";
    public const string NodeRole = "shop";
    public const string Europe = "eu";
    public const string America = "us";

    /// <summary>How long a basket waits for its lost region.</summary>
    public static readonly TimeSpan Hold = TimeSpan.FromSeconds(5);

    /// <summary>How long a region has to be healthy again before baskets go home.</summary>
    public static readonly TimeSpan Settle = TimeSpan.FromSeconds(5);

    #region placement
    public static void Baskets(DurableServerOptions basket)
    {
        basket.Role = NodeRole;
        basket.HomeRegion = HomeOf;
        basket.Placement = new PlacementOptions { Policy = PlacementPolicy.StickTo(Locality.Region, Hold).ThenAnywhere(), StabilisationTime = Settle };
    }

    public static void Invoices(DurableServerOptions invoice)
    {
        invoice.Role = NodeRole;
        invoice.HomeRegion = HomeOf;
        invoice.Placement = new PlacementOptions { Policy = PlacementPolicy.StickTo(Locality.Region, Timeout.InfiniteTimeSpan), StabilisationTime = Settle };
    }

    // eu/anna belongs to eu.
    private static string HomeOf(string key) => key[..key.IndexOf('/', StringComparison.Ordinal)];
    #endregion

    /// <summary>What a node and the caller have in common.</summary>
    public static AkkaConfigurationBuilder Join(this AkkaConfigurationBuilder akka, int port, IEnumerable<int> seeds, string role, string region, string connection) => akka
        .ConfigureLoggers(loggers =>
        {
            loggers.ClearLoggers();
            loggers.AddLoggerFactory();
            loggers.LogLevel = Akka.Event.LogLevel.WarningLevel;
        })
        #region join
        .WithDurableCluster(cluster =>
        {
            cluster.Hostname = "127.0.0.1";
            cluster.Port = port;
            cluster.SeedNodes = [.. seeds.Select(seed => $"akka.tcp://{Cluster}@127.0.0.1:{seed}")];
            cluster.Roles = [role];
            cluster.SplitBrain = SplitBrainStrategy.LeaseMajority;     // of two halves, the one that gets a lease in the database lives on
        })
        .WithNodeLocation(new NodeLocation(region))
        .WithDurableSql(connection);
        #endregion
}
