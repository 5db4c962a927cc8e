using AkkaDurable.Placement;

namespace AkkaDurable.DashboardNode;

/// <summary>What the nodes and their tests agree on.</summary>
public static class Node
{
    public const string ConnectionVariable = "DASHBOARD_NODE_CONNECTION";
    public const string TokenVariable = "DASHBOARD_NODE_TOKEN";

    /// <summary>How many servers to start at once, where the cluster is to be a large one; else not set.</summary>
    public const string FillVariable = "DASHBOARD_NODE_FILL";

    /// <summary>A key that is no text for a page that takes texts for markup.</summary>
    public const string HostileKey = "eu/<img src=x onerror=alert(1)>";

    internal static void Baskets(DurableServerOptions basket)
    {
        basket.ShardCount = 8;
        basket.HomeRegion = HomeOf;
        basket.Placement = new PlacementOptions { Policy = PlacementPolicy.StickTo(Locality.Region, TimeSpan.FromSeconds(15)).ThenAnywhere(), StabilisationTime = TimeSpan.FromSeconds(5) };
        basket.AllowJsonCalls = true;
    }

    internal static void Invoices(DurableServerOptions invoice)
    {
        invoice.ShardCount = 4;
        invoice.HomeRegion = HomeOf;
        invoice.Placement = new PlacementOptions { Policy = PlacementPolicy.StickTo(Locality.Region, Timeout.InfiniteTimeSpan), StabilisationTime = TimeSpan.FromSeconds(5) };
        invoice.AllowJsonCalls = true;
    }

    internal static void Visitors(DurableServerOptions visitor)
    {
        visitor.ShardCount = 6;
        visitor.AllowJsonCalls = true;
        visitor.MaxCrashes = 3;
        visitor.RestartDelay = TimeSpan.Zero;
    }

    // eu/anna belongs to eu.
    private static string HomeOf(string key) => key[..key.IndexOf('/', StringComparison.Ordinal)];
}
