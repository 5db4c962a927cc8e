using System.Globalization;

namespace AkkaDurable.Placement.Internal.Directing;

/// <summary>
/// Decides where a shard goes: pure, one pass over the nodes. Of the nodes on open levels that are under their limits it takes the nearest level, then the preferred region, the newest app version, the least load.
/// It does not send a shard out of its region while a node there is just starting.
/// </summary>
internal static class PlacementDirector
{
    private const int Never = -1;

    public static PlacementDecision Decide(ClusterView view, in ShardQuery query, PlacementPolicy policy, DateTimeOffset now)
    {
        var ladder = new Ladder(query, policy, now);
        if (view.Find(query.Target) is { Takes: true } target && target.Address != query.Exclude
            && ladder.LevelOf(target.Location) is >= 0 and var targetLevel && target.LimitReached(view.TypeName, view.ServersPerShard, disk: targetLevel > 0) is null)
        {
            var reason = query.ByOperator ? PlacementReason.Operator : PlacementReason.Move;
            return Place(query, target, targetLevel, reason, query.ByOperator ? "an operator sent it there" : "a move brings it there");
        }

        NodeView? best = null, closed = null;
        var bestLevel = int.MaxValue;
        var closedLevel = int.MaxValue;
        var onLevels = 0;
        string? limit = null;
        foreach (var node in view.Nodes)
        {
            if (!node.Takes || node.Address == query.Exclude)
            {
                continue;
            }

            var level = ladder.LevelOf(node.Location);
            if (level == Never)
            {
                continue;
            }

            onLevels++;
            if (node.LimitReached(view.TypeName, view.ServersPerShard, disk: level > 0) is { } reached)
            {
                limit ??= $"{node.Address} is at {reached}";
            }
            else if (!ladder.IsOpen(level))
            {
                if (level < closedLevel)
                {
                    (closed, closedLevel) = (node, level);
                }
            }
            else if (best is null || IsBetter(node, level, best, bestLevel, ladder.Preferred))
            {
                (best, bestLevel) = (node, level);
            }
        }

        if (best is null || (ladder.Preferred is not null && best.Location.Region != ladder.Preferred))
        {
            foreach (var node in view.Arriving)
            {
                if (now < node.Until && node.Location.Region == ladder.Preferred && ladder.LevelOf(node.Location) is >= 0 and var level && ladder.IsOpen(level))
                {
                    return WaitFor(node, query, now);
                }
            }
        }

        return best is not null
            ? Place(query, best, bestLevel, ladder.ReasonFor(bestLevel), ladder.TextFor(bestLevel))
            : Wait(query, policy, ladder, closed is null ? null : closedLevel, onLevels, limit, now);
    }

    private static bool IsBetter(NodeView node, int level, NodeView than, int thanLevel, string? preferred)
    {
        if (level != thanLevel)
        {
            return level < thanLevel;
        }

        if (preferred is not null && (node.Location.Region == preferred) != (than.Location.Region == preferred))
        {
            return node.Location.Region == preferred;
        }

        // Nodes are in the order of their addresses, so of equals the first stays.
        var version = ReferenceEquals(node.Version, than.Version) ? 0 : node.Version.CompareTo(than.Version);
        return version != 0 ? version > 0 : node.Load < than.Load;
    }

    private static PlacementDecision Place(in ShardQuery query, NodeView node, int level, PlacementReason reason, string why) =>
        new(query.Shard, PlacementOutcome.Place, reason, $"goes to {node.Address} ({node.Location}): {why}") { Node = node.Address, Location = node.Location, Level = level };

    private static PlacementDecision WaitFor(ArrivingNode node, in ShardQuery query, DateTimeOffset now) =>
        new(query.Shard, PlacementOutcome.Hold, PlacementReason.NodeArriving, string.Create(CultureInfo.InvariantCulture, $"waits up to {(node.Until - now).TotalSeconds:0.0} s for {node.Address}, which has joined region {node.Location.Region} and takes no shards yet"))
        {
            OpensAt = node.Until,
            RemainingHold = node.Until - now,
        };

    private static PlacementDecision Wait(in ShardQuery query, PlacementPolicy policy, in Ladder ladder, int? closedLevel, int onLevels, string? limit, DateTimeOffset now)
    {
        var outcome = policy.EndsAnywhere ? PlacementOutcome.Hold : PlacementOutcome.Refuse;
        if (closedLevel is { } level)
        {
            var opensAt = ladder.OpensAt(level);
            var remaining = opensAt - now;
            return new PlacementDecision(
                query.Shard, outcome, PlacementReason.LevelNotOpen,
                string.Create(CultureInfo.InvariantCulture, $"waits {remaining.TotalSeconds:0.0} s until the level '{NameOf(policy, level)}' opens{(limit is null ? "" : $"; on a nearer level {limit}")} (policy: {policy})"))
            {
                OpensAt = opensAt,
                RemainingHold = remaining,
            };
        }

        return limit is not null
            ? new PlacementDecision(query.Shard, outcome, PlacementReason.AtLimits, $"waits for room: all {onLevels} nodes that its policy allows are at a limit, for one {limit} (policy: {policy})")
            : new PlacementDecision(
                query.Shard, outcome, PlacementReason.NoNode,
                $"waits for a node: none that takes shards is allowed by its policy ({policy}){ladder.Former}");
    }

    private static string NameOf(PlacementPolicy policy, int level) => level < policy.Levels.Length ? policy.Levels[level].Locality.ToString() : "anywhere";

    /// <summary>The levels of the policy, applied to one shard.</summary>
    private readonly struct Ladder
    {
        private readonly PlacementPolicy _policy;
        private readonly PlacementEntry? _anchor;
        private readonly string? _home;
        private readonly bool _released;
        private readonly bool _isNew;
        private readonly DateTimeOffset _origin;
        private readonly TimeSpan _elapsed;

        public Ladder(in ShardQuery query, PlacementPolicy policy, DateTimeOffset now)
        {
            _policy = policy;
            _isNew = query.Record?.Newest is null;
            _home = query.HomeRegion ?? query.Record?.HomeRegion;
            Preferred = _home ?? query.RequesterRegion;
            _released = query.Released || query.Target is not null;

            // The nearer levels are about a place at home. A shard that never was there has none, and has waited already.
            var anchor = query.Record?.Anchor;
            _anchor = anchor is not null && (_home is null || anchor.Location.Region == _home) ? anchor : null;
            _origin = _anchor is not null ? _anchor.LostAt ?? query.AskedAt
                : _isNew ? query.AskedAt
                : query.Record!.Entries[^1].Since;
            _elapsed = now - _origin;
        }

        public string? Preferred { get; }

        public string Former => _anchor is { } anchor ? $"; it was on {anchor.Node} ({anchor.Location})" : _home is { } home ? $"; its home region is {home}" : "";

        public int LevelOf(NodeLocation node)
        {
            var levels = _policy.Levels;
            if (_anchor is null)
            {
                return _home is null || node.Region == _home ? 0 : _policy.EndsAnywhere ? levels.Length : Never;
            }

            for (var i = 0; i < levels.Length; i++)
            {
                if (levels[i].Locality.Matches(node, _anchor.Location, _home ?? _anchor.Location.Region))
                {
                    return i;
                }
            }

            return _policy.EndsAnywhere ? levels.Length : Never;
        }

        public bool IsOpen(int level) => level == 0 || _released || _elapsed >= _policy.OpensAfter(level);

        public DateTimeOffset OpensAt(int level) => _origin + _policy.OpensAfter(level);

        public PlacementReason ReasonFor(int level) =>
            _isNew ? PlacementReason.FirstPlacement
            : _released ? PlacementReason.Released
            : level >= _policy.Levels.Length && level > 0 ? PlacementReason.Fallback
            : PlacementReason.Near;

        public string TextFor(int level) =>
            _isNew ? _home is null ? "its first place" : $"its first place, home region {_home}"
            : _released ? $"its former node gave it away{Former}"
            : $"level '{NameOf(_policy, level)}'{Former}";
    }
}
