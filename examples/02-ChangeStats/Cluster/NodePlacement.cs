using AkkaDurable;
using AkkaDurable.Placement;

namespace ChangeStats.Cluster;

/// <summary>Where a node is, and how its servers stick to their home region, which is the first folder of the path.</summary>
/// <param name="Region">The node's region.</param>
/// <param name="Hold">How long a server waits for its lost region before it starts elsewhere; <see cref="Timeout.InfiniteTimeSpan"/>: it is pinned to it.</param>
/// <param name="Settle">How long the region has to be healthy again before servers go home.</param>
internal sealed record NodePlacement(string Region, TimeSpan Hold, TimeSpan Settle)
{
    public NodeLocation Location => new(Region);

    public string[] ToArguments() =>
    [
        "--region", Region, "--settle", $"{Settle.TotalSeconds:0}", .. Hold == Timeout.InfiniteTimeSpan ? ["--pinned"] : (string[])["--hold", $"{Hold.TotalSeconds:0}"],
    ];

    public void Apply(DurableServerOptions server)
    {
        server.HomeRegion = static path => path.IndexOf('/', StringComparison.Ordinal) is > 0 and var end ? path[..end] : null;
        var policy = PlacementPolicy.StickTo(Locality.Region, Hold);
        server.Placement = new PlacementOptions { Policy = Hold == Timeout.InfiniteTimeSpan ? policy : policy.ThenAnywhere(), StabilisationTime = Settle };
    }
}
