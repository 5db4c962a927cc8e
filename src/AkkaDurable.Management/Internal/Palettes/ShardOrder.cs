using AkkaDurable.Placement;

namespace AkkaDurable.Management.Internal.Palettes;

/// <summary>Shards by region, then by number.</summary>
internal sealed class ShardOrder : IComparer<string>
{
    public static readonly ShardOrder Instance = new();

    public int Compare(string? x, string? y) =>
        ShardName.TryParse(x, out var left) && ShardName.TryParse(y, out var right)
            ? (left.HomeRegion, left.Number).CompareTo((right.HomeRegion, right.Number))
            : string.CompareOrdinal(x, y);
}
