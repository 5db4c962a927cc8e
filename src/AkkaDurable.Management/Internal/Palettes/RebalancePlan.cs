using AkkaDurable.Placement;

namespace AkkaDurable.Management.Internal.Palettes;

/// <summary>Which shards an operator's rebalance moves: first those that are away from their home region go home, then the nodes of each region are levelled. Pure.</summary>
internal static class RebalancePlan
{
    /// <param name="nodes">The nodes that may take shards: address and region.</param>
    /// <param name="shards">The shards: name and node.</param>
    /// <param name="most">The most moves.</param>
    public static IReadOnlyList<Move> Of(IReadOnlyCollection<(string Node, string Region)> nodes, IEnumerable<(string Shard, string Node, string Region)> shards, int most)
    {
        var moves = new List<Move>();
        var counts = nodes.ToDictionary(node => node.Node, _ => 0, StringComparer.Ordinal);
        var placed = shards.OrderBy(shard => shard.Shard, StringComparer.Ordinal).ToList();
        foreach (var shard in placed)
        {
            Count(shard.Node, 1);
        }

        // Who goes home counts no more where it is, before anybody is given a node.
        var leaving = Enumerable.Range(0, placed.Count)
            .Where(i => ShardName.HomeRegionOf(placed[i].Shard) is { } home && home != placed[i].Region && nodes.Any(node => node.Region == home))
            .Take(most).ToArray();
        foreach (var i in leaving)
        {
            Count(placed[i].Node, -1);
        }

        foreach (var i in leaving)
        {
            var home = ShardName.HomeRegionOf(placed[i].Shard)!;
            Go(i, Least(home)!, home, $"goes home to {home}");
        }

        foreach (var region in nodes.Select(node => node.Region).Distinct().Order(StringComparer.Ordinal))
        {
            while (moves.Count < most && Least(region) is { } least && Most(region) is { } fullest && counts[fullest] - counts[least] > 1
                && placed.FindIndex(shard => shard.Node == fullest && moves.All(move => move.Shard != shard.Shard)) is >= 0 and var i)
            {
                var why = $"{counts[fullest]} shards there, {counts[least]} on the other";
                Count(fullest, -1);
                Go(i, least, region, why);
            }
        }

        return moves;

        string? Least(string region) => nodes.Where(node => node.Region == region).Select(node => node.Node).Order(StringComparer.Ordinal).MinBy(node => counts[node]);

        string? Most(string region) => nodes.Where(node => node.Region == region).Select(node => node.Node).Order(StringComparer.Ordinal).MaxBy(node => counts[node]);

        void Go(int i, string target, string region, string why)
        {
            var shard = placed[i];
            moves.Add(new Move(shard.Shard, shard.Node, target, why));
            counts[target]++;
            placed[i] = (shard.Shard, target, region);
        }

        void Count(string node, int change)
        {
            // A node that takes nothing more is not levelled.
            if (counts.TryGetValue(node, out var count))
            {
                counts[node] = count + change;
            }
        }
    }

    internal sealed record Move(string Shard, string From, string To, string Why);
}
