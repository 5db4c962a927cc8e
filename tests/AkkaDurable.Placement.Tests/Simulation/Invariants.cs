using AkkaDurable.Placement.Internal.Directing;

namespace AkkaDurable.Placement.Tests.Simulation;

/// <summary>What must hold, written down a second time and as plainly as possible.</summary>
internal sealed class Invariants(PlacementOptions options)
{
    private readonly Queue<DateTimeOffset> _begun = new();

    // The bound is one planner's.
    public void NewPlanner() => _begun.Clear();

    public void MayBegin(SimShard shard, ShardMove move, ClusterView view, int moving, DateTimeOffset now)
    {
        Assert.True(shard.State == SimState.Running, $"{shard.Name} is moved while it is {shard.State}");
        Assert.Equal(shard.Node!.View.Address, move.From);
        Assert.NotEqual(move.From, move.To);
        Assert.True(view.Find(move.To)!.Takes, $"{shard.Name} is moved to {move.To}, which takes nothing");
        Assert.True(Allows(options.Policy, shard.Record, ShardName.HomeRegionOf(shard.Name), view.Find(move.To)!.Location, TimeSpan.MaxValue), $"{shard.Name} is moved outside of its policy");
        Assert.True(moving < options.MaxMovesAtOnce, $"{moving + 1} moves at once");
        _begun.Enqueue(now);
        while (now - _begun.Peek() >= TimeSpan.FromMinutes(1))
        {
            _begun.Dequeue();
        }

        Assert.True(_begun.Count <= options.MaxMovesPerMinute, $"{_begun.Count} moves within a minute");
    }

    public void IsSound(PlacementDecision decision, in ShardQuery query, PlacementPolicy policy, ClusterView view, DateTimeOffset now)
    {
        Assert.False(string.IsNullOrWhiteSpace(decision.Text));
        var released = query.Released || query.Target is not null;
        var elapsed = released ? TimeSpan.MaxValue : Elapsed(query, now);
        if (decision.Outcome == PlacementOutcome.Place)
        {
            var node = view.Find(decision.Node)!;
            Assert.True(node.Takes, $"{decision} takes nothing");
            Assert.True(Allows(policy, query.Record, query.HomeRegion, node.Location, elapsed), $"{decision}: outside of an open level of {policy} after {elapsed}");
            return;
        }

        Assert.Equal(policy.EndsAnywhere ? PlacementOutcome.Hold : PlacementOutcome.Refuse, decision.Outcome);
        foreach (var node in view.Nodes)
        {
            if (node.Takes && node.LimitReached("sim", 1, disk: true) is null)
            {
                Assert.False(Allows(policy, query.Record, query.HomeRegion, node.Location, elapsed), $"{decision}, but {node.Address} may take it");
            }
        }
    }

    public void IsUnderLimit(SimNode node, int maxServers) =>
        Assert.True(node.Shards.Count <= maxServers, $"{node.View.Address} has {node.Shards.Count} shards, at most {maxServers} are allowed");

    public void IsSettled(IReadOnlyCollection<SimShard> shards, IEnumerable<SimNode> nodes, PlacementOptions settings)
    {
        foreach (var shard in shards)
        {
            Assert.Equal(SimState.Running, shard.State);
            if (shard.Record!.Newest!.Reason != PlacementReason.Operator)
            {
                Assert.Equal(shard.Record.HomeRegion, shard.Node!.View.Location.Region);
            }
        }

        var sent = shards.Where(shard => shard.Record!.Newest!.Reason == PlacementReason.Operator).Select(shard => shard.Name).ToHashSet();
        foreach (var region in nodes.GroupBy(node => node.View.Location.Region))
        {
            // What an operator put somewhere stays, and counts for the others' mean only.
            var counts = region.Select(node => node.Shards.All(sent.Contains) ? 0 : node.Shards.Count).ToArray();
            Assert.True(
                counts.Max() <= counts.Average() * (1 + settings.LevelAbove) + 3,
                $"region {region.Key} is skewed: {string.Join(' ', counts)}");
        }
    }

    private static TimeSpan Elapsed(in ShardQuery query, DateTimeOffset now)
    {
        var home = query.HomeRegion ?? query.Record?.HomeRegion;
        var atHome = query.Record?.Entries.FirstOrDefault(entry => entry.Location.Region == home);
        if (atHome is not null)
        {
            return now - (atHome.LostAt ?? query.AskedAt);
        }

        return now - (query.Record?.Entries.LastOrDefault()?.Since ?? query.AskedAt);
    }

    private static bool Allows(PlacementPolicy policy, PlacementRecord? record, string? homeRegion, NodeLocation node, TimeSpan elapsed)
    {
        var home = homeRegion ?? record?.HomeRegion;
        var former = record?.Entries.FirstOrDefault(entry => entry.Location.Region == home)?.Location;
        var before = TimeSpan.Zero;
        foreach (var level in policy.Levels)
        {
            if (former is not null && elapsed >= before && IsNear(level.Locality, node, former, home!))
            {
                return true;
            }

            before += level.Hold == Timeout.InfiniteTimeSpan ? TimeSpan.FromDays(10_000) : level.Hold;
        }

        return (former is null && (home is null || node.Region == home)) || (former is not null && policy.Levels.IsEmpty) || (policy.EndsAnywhere && elapsed >= before);
    }

    private static bool IsNear(Locality locality, NodeLocation node, NodeLocation former, string home) => locality.ToString() switch
    {
        "region" => node.Region == home,
        "zone" => node.Region == former.Region && node.Zone == former.Zone,
        "machine" => node.Region == former.Region && node.Machine == former.Machine,
        "label rack" => node.Labels["rack"] == former.Labels["rack"],
        var other => throw new InvalidOperationException(other),
    };
}
