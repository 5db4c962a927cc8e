using System.Collections.Immutable;
using Akka.Util;
using AkkaDurable.Placement.Internal.Directing;

namespace AkkaDurable.Placement.Tests.Simulation;

/// <summary>
/// A cluster that is not there: nodes come, go, crash, are cut off and drained, shards are asked for and moved, on a clock that a random number generator drives. The director and the planner are the real ones;
/// Akka's part is played by <see cref="SimShard"/>'s states. What is checked is written down in <see cref="Invariants"/>, apart from the code that it checks.
/// </summary>
internal sealed partial class Simulation
{
    public const int MaxServers = 40;

    private static readonly string[] s_regions = ["eu", "us", "ap"];
    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(10);

    private readonly Random _random;
    private readonly PlacementOptions _options;
    private readonly List<SimNode> _nodes = [];
    private readonly SimShard[] _shards;
    private readonly Dictionary<string, SimShard> _byName;
    private readonly List<SimShard> _unplaced = [];
    private readonly List<SimShard> _moving = [];
    private readonly Invariants _check;
    private readonly int _size;
    private int _maxServers;
    private MovePlanner _planner;
    private ClusterView _view;
    private DateTimeOffset _lastTick;
    private PlacementDecision? _last;
    private int _version = 1;
    private int _nextNode;

    public Simulation(int seed, int nodes, int shards)
    {
        _random = new Random(seed);
        Now = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        _options = new PlacementOptions { Policy = Policies.Any(_random), MaxMovesAtOnce = _random.Next(1, 30), MaxMovesPerMinute = _random.Next(5, 300) };
        _planner = new MovePlanner(_options);
        _maxServers = Math.Max(MaxServers, 3 * shards / nodes);
        _check = new Invariants(_options);
        _size = nodes;
        for (var i = 0; i < nodes; i++)
        {
            Join();
        }

        _shards = [.. Enumerable.Range(0, shards).Select(i => new SimShard(_random.Next(4) is > 0 and var r ? $"{s_regions[r - 1]}~{i}" : $"{i}"))];
        _byName = _shards.ToDictionary(shard => shard.Name);
        _unplaced.AddRange(_shards);
        _view = NewView();
    }

    public DateTimeOffset Now { get; private set; }

    public long Decisions { get; private set; }

    public long Moves { get; private set; }

    private IEnumerable<SimNode> Members => _nodes;

    public void Run(int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            Now += TimeSpan.FromMilliseconds(_random.Next(50, 4000));
            Chaos();
            Elapse();
            Ask(200);
        }
    }

    /// <summary>The troubles end. Whatever happened, all shards run, those with a home are there, and nothing moves any more.</summary>
    public void Settle()
    {
        _maxServers *= 100;
        foreach (var node in Members.ToArray())
        {
            node.Heal();
            node.NextReport = Now;
            if (node.View.Version.Version != $"{_version}.0")
            {
                Remove(node, inOrder: true);
            }
        }

        foreach (var region in s_regions)
        {
            while (Members.Count(node => node.View.Location.Region == region) < 4)
            {
                Join(region);
            }
        }

        // A pinned shard whose machine or zone is gone for good waits for ever, as it is to. Here every policy has a way out.
        SetPolicy(PlacementPolicy.StickTo(Locality.Zone, TimeSpan.FromSeconds(5)).ThenTo(Locality.Region, TimeSpan.FromSeconds(5)).ThenAnywhere());
        _view = NewView();
        var still = 0;
        for (var round = 0; still < 30; round++)
        {
            Assert.True(round < 5_000, $"still moving: {_moving.Count} moves under way, {_unplaced.Count} without a place; the last decision is {_last}");
            Now += TimeSpan.FromSeconds(5);
            var before = Moves;
            Elapse();
            Ask(int.MaxValue);
            still = Moves == before && _moving.Count == 0 && _unplaced.Count == 0 ? still + 1 : 0;
        }

        _check.IsSettled(_shards, Members, _options);
    }

    private void Elapse()
    {
        foreach (var node in Members.Where(node => node.GoneAt <= Now).ToArray())
        {
            Remove(node, node.LeavesInOrder);
        }

        foreach (var node in Members)
        {
            if (Now >= node.NextReport)
            {
                node.NextReport = Now + TimeSpan.FromSeconds(3);
                node.Report(_maxServers);
            }
        }

        Hand();
        if (Now - _lastTick >= s_tick)
        {
            _lastTick = Now;
            Tick();
        }
    }

    private void Tick()
    {
        var requests = _random.Next(5) == 0 ? Wishes() : [];
        var plan = _planner.Plan(_view, name => _byName[name].Record, name => _byName[name].State == SimState.Moving, _moving.Count, requests, Now);
        foreach (var move in plan.Moves)
        {
            var shard = _byName[move.Shard];
            _check.MayBegin(shard, move, _view, _moving.Count, Now);
            shard.Begin(move, Now + TimeSpan.FromMilliseconds(_random.Next(50, 3000)));
            _moving.Add(shard);
            Moves++;
        }
    }

    // The old node has let go: Akka asks where the shard is to go.
    private void Hand()
    {
        foreach (var shard in _moving.Where(shard => shard.HandedOverAt <= Now).ToArray())
        {
            _moving.Remove(shard);
            var target = shard.Move!;
            var from = shard.Node!;
            from.Shards.Remove(shard.Name);
            shard.Node = null;
            if (_view.Find(target.To) is { } to)
            {
                to.Shards--;
            }

            shard.State = SimState.Unplaced;
            shard.AskedAt = Now;
            shard.Released = true;
            _unplaced.Add(shard);
            Place(shard);
        }

        _unplaced.RemoveAll(shard => shard.State != SimState.Unplaced);
    }

    private void Ask(int max)
    {
        var count = Math.Min(max, _unplaced.Count);
        var start = _unplaced.Count == 0 ? 0 : _random.Next(_unplaced.Count);
        for (var i = 0; i < count; i++)
        {
            var shard = _unplaced[(start + i) % _unplaced.Count];
            shard.AskedAt ??= Now;
            Place(shard);
        }

        _unplaced.RemoveAll(shard => shard.State != SimState.Unplaced);
    }

    private void Place(SimShard shard)
    {
        var query = new ShardQuery(shard.Name, shard.AskedAt ?? Now)
        {
            HomeRegion = ShardName.HomeRegionOf(shard.Name),
            RequesterRegion = s_regions[shard.Name.Length % s_regions.Length],
            Record = shard.Record,
            Released = shard.Released,
            Target = shard.Move?.To,
            ByOperator = shard.Move?.ByOperator == true,
        };
        var decision = PlacementDirector.Decide(_view, query, _options.Policy, Now);
        Decisions++;
        _last = decision;
        _check.IsSound(decision, query, _options.Policy, _view, Now);
        if (decision.Outcome == PlacementOutcome.Place)
        {
            var node = _nodes.Single(node => node.View.Address == decision.Node);
            node.View.Shards++;
            node.View.Unreported++;
            node.Shards.Add(shard.Name);
            shard.Placed(node, decision, Now);
            _check.IsUnderLimit(node, _maxServers);
        }
    }

    private void Remove(SimNode node, bool inOrder)
    {
        _nodes.Remove(node);
        foreach (var name in node.Shards.ToArray())
        {
            var shard = _byName[name];
            if (shard.State == SimState.Moving)
            {
                _moving.Remove(shard);
                if (_view.Find(shard.Move!.To) is { } to)
                {
                    to.Shards--;
                }
            }

            shard.Lost(Now, inOrder || shard.Released);
            _unplaced.Add(shard);
        }

        _view = NewView();
    }

    private ClusterView NewView() => new("sim", [.. Members.Select(node => node.View)], serversPerShard: 1);

    private void SetPolicy(PlacementPolicy policy)
    {
        // As a new version of the app does it: with a new coordinator, which knows the records and nothing else.
        _options.Policy = policy;
        _planner = new MovePlanner(_options);
        _check.NewPlanner();
    }
}
