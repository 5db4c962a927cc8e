using System.Globalization;

namespace AkkaDurable.Placement.Internal.Directing;

/// <summary>
/// Plans which shards move, and where: operators' wishes first, then away from draining nodes, then home, then levelling. Pure but for what it must remember: since when regions are healthy, which of them are
/// being levelled, how many moves have begun lately. A move never leaves what the policy allows, and never begins for a shard that is moving.
/// </summary>
internal sealed class MovePlanner
{
    // A shard that cannot move is passed over; so many of them a round, or a full region would cost a pass over all nodes for each of its shards.
    private const int MaxRefusals = 256;
    private const int LeastSkew = 3;

    private readonly PlacementPolicy _policy;
    private readonly TimeSpan _stabilisation;
    private readonly double _levelAbove;
    private readonly RegionHealth _health = new();
    private readonly HashSet<string> _levelling = new(StringComparer.Ordinal);
    private readonly MoveBudget _budget;
    private int _round;

    public MovePlanner(PlacementOptions options)
    {
        _policy = options.Policy;
        _stabilisation = options.StabilisationTime;
        _levelAbove = options.LevelAbove;
        _budget = new MoveBudget(options.MaxMovesAtOnce, options.MaxMovesPerMinute);
    }

    /// <summary>Plans a round. The view's counts then include what was planned.</summary>
    /// <param name="view">The nodes with their shards.</param>
    /// <param name="records">What is known about a shard's places.</param>
    /// <param name="isMoving">Whether a shard is on the move.</param>
    /// <param name="moving">How many are.</param>
    /// <param name="requests">What operators want.</param>
    /// <param name="now">The time.</param>
    public MovePlan Plan(
        ClusterView view, Func<string, PlacementRecord?> records, Func<string, bool> isMoving, int moving, IReadOnlyCollection<MoveRequest> requests, DateTimeOffset now)
    {
        _round++;
        _health.Observe(view, now);
        var round = new Round(this, view, records, isMoving, _budget.Left(moving, now), now);
        // Akka wants an answer of each node to move a shard, so nothing is begun while one is out of reach.
        if (view.Nodes.Any(node => node.Status == NodeStatus.Unreachable))
        {
            return round.Result;
        }

        if (requests.Count > 0)
        {
            Fulfil(round, requests);
        }

        Drain(round);
        if (!view.IsUpdating && view.IsSettled)
        {
            SendHome(round);
            Level(round);
        }

        return round.Result;
    }

    private static void Fulfil(Round round, IReadOnlyCollection<MoveRequest> requests)
    {
        var wanted = requests.ToDictionary(request => request.Shard, StringComparer.Ordinal);
        foreach (var node in round.View.Nodes)
        {
            foreach (var shard in node.ShardIds)
            {
                if (!wanted.Remove(shard, out var request) || round.IsMoving(shard))
                {
                    continue;
                }

                if (request.Target == node.Address)
                {
                    round.Result.Answers.Add(new MoveAnswer(shard, PlacementCommandOutcome.AlreadySo, "it runs there already", node.Address));
                }
                else if (round.Left > 0)
                {
                    FulfilOne(round, node, request);
                }
            }
        }

        foreach (var request in wanted.Values.Where(request => !round.IsMoving(request.Shard)))
        {
            round.Result.Answers.Add(new MoveAnswer(request.Shard, PlacementCommandOutcome.NoSuchShard, "it runs on no node", null));
        }
    }

    private static void FulfilOne(Round round, NodeView from, MoveRequest request)
    {
        if (request.Target is not null && round.View.Find(request.Target) is null)
        {
            round.Result.Answers.Add(new MoveAnswer(request.Shard, PlacementCommandOutcome.NoSuchNode, $"{request.Target} does not run the type", from.Address));
            return;
        }

        var decision = round.Decide(request.Shard, from, request.Target, byOperator: true);
        if (decision.Outcome == PlacementOutcome.Place && (request.Target is null || decision.Node == request.Target))
        {
            round.Begin(request.Shard, from, decision, byOperator: request.Target is not null, "an operator asked for it");
        }
        else
        {
            var why = request.Target is null ? decision.Text : $"{request.Target} may not take it: its policy, a limit, a drain or a cordon forbids it";
            round.Result.Answers.Add(new MoveAnswer(request.Shard, PlacementCommandOutcome.NotAllowed, why, from.Address));
        }
    }

    private void Drain(Round round)
    {
        foreach (var node in round.View.Nodes.Where(node => node is { Draining: true, Status: NodeStatus.Up }))
        {
            foreach (var shard in Rotated(node.ShardIds))
            {
                if (!round.MayGoOn)
                {
                    return;
                }

                if (!round.IsMoving(shard))
                {
                    round.TryBegin(shard, node, round.Decide(shard, node), static (_, _) => true, "its node is drained");
                }
            }
        }
    }

    private void SendHome(Round round)
    {
        foreach (var node in round.View.Nodes)
        {
            foreach (var shard in Rotated(node.ShardIds))
            {
                if (!round.MayGoOn)
                {
                    return;
                }

                if (round.HomeOf(shard) is { } home && home != node.Location.Region && !round.IsMoving(shard)
                    && _health.IsHealthy(home, _stabilisation, round.Now) && !round.StaysAway(shard))
                {
                    round.TryBegin(shard, node, round.Decide(shard, node), (target, _) => target.Location.Region == home, $"it goes home to {home}");
                }
            }
        }
    }

    private void Level(Round round)
    {
        foreach (var region in round.View.Nodes.Where(node => node.Takes).GroupBy(node => node.Location.Region))
        {
            var nodes = region.ToArray();
            while (round.MayGoOn && MostLoaded(nodes, region.Key) is { } from && LevelOne(round, from, nodes.MinBy(node => node.Load)!))
            {
            }
        }
    }

    // The one that is to give shards away; null when the region is level enough. Once begun, levelling goes on until it is well below where it began.
    private NodeView? MostLoaded(NodeView[] nodes, string region)
    {
        var most = nodes.MaxBy(node => node.Shards)!;
        var least = nodes.Min(node => node.Shards);
        var mean = nodes.Average(node => node.Shards);
        var above = most.Shards - mean;
        var skewed = _levelling.Contains(region)
            ? above > Math.Max(1, mean * _levelAbove / 4) && most.Shards - least >= 2
            : above > mean * _levelAbove && most.Shards - least >= LeastSkew;
        if (!skewed)
        {
            _levelling.Remove(region);
            return null;
        }

        _levelling.Add(region);
        return most;
    }

    // Not by the ranking, which would keep a shard on the most crowded machine as the nearest one: the least loaded node that its policy allows at all.
    private bool LevelOne(Round round, NodeView from, NodeView to)
    {
        foreach (var shard in Rotated(from.ShardIds))
        {
            if (!round.MayGoOn)
            {
                return false;
            }

            if (!round.IsMoving(shard) && !round.StaysAway(shard)
                && round.TryBegin(shard, from, round.Decide(shard, from, to.Address), (best, node) => best.Location.Region == node.Location.Region && best.Shards + 1 < node.Shards, "its node has more than its share"))
            {
                return true;
            }
        }

        return false;
    }

    // Each round begins elsewhere, so that shards that cannot move do not stand in the way of the others.
    private IEnumerable<string> Rotated(IReadOnlyList<string> shards)
    {
        var start = shards.Count == 0 ? 0 : (int)((uint)(_round * MaxRefusals) % (uint)shards.Count);
        for (var i = 0; i < shards.Count; i++)
        {
            yield return shards[(start + i) % shards.Count];
        }
    }

    private sealed class Round(MovePlanner planner, ClusterView view, Func<string, PlacementRecord?> records, Func<string, bool> isMoving, int left, DateTimeOffset now)
    {
        private readonly HashSet<string> _begun = new(StringComparer.Ordinal);
        private int _refusals;

        public ClusterView View => view;

        public DateTimeOffset Now => now;

        public int Left { get; private set; } = left;

        public bool MayGoOn => Left > 0 && _refusals < MaxRefusals;

        public MovePlan Result { get; } = new();

        public bool IsMoving(string shard) => isMoving(shard) || _begun.Contains(shard);

        public string? HomeOf(string shard) => ShardName.HomeRegionOf(shard) ?? records(shard)?.HomeRegion;

        public bool StaysAway(string shard) => records(shard)?.Newest is { Reason: PlacementReason.Operator };

        public PlacementDecision Decide(string shard, NodeView from, string? target = null, bool byOperator = false) =>
            PlacementDirector.Decide(
                view,
                new ShardQuery(shard, now)
                {
                    HomeRegion = ShardName.HomeRegionOf(shard),
                    RequesterRegion = from.Location.Region,
                    Record = records(shard),
                    Released = true,
                    Target = target,
                    ByOperator = byOperator,
                    Exclude = from.Address,
                },
                planner._policy,
                now);

        public bool TryBegin(string shard, NodeView from, PlacementDecision decision, Func<NodeView, NodeView, bool> isGood, string why)
        {
            if (decision.Outcome != PlacementOutcome.Place || !isGood(view.Find(decision.Node)!, from))
            {
                _refusals++;
                return false;
            }

            Begin(shard, from, decision, byOperator: false, why);
            return true;
        }

        public void Begin(string shard, NodeView from, PlacementDecision decision, bool byOperator, string why)
        {
            var to = view.Find(decision.Node)!;
            from.Shards--;
            to.Shards++;
            to.Unreported++;
            Left--;
            _begun.Add(shard);
            planner._budget.Begun(now);
            Result.Moves.Add(new ShardMove(shard, from.Address, to.Address, byOperator, string.Create(CultureInfo.InvariantCulture, $"{why}; {from.Address} gives it to {to.Address}")));
        }
    }
}
