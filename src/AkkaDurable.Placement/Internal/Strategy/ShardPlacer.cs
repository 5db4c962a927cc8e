using System.Collections.Immutable;
using Akka.Actor;
using AkkaDurable.Placement.Internal.Directing;
using AkkaDurable.Placement.Internal.Telemetry;

namespace AkkaDurable.Placement.Internal.Strategy;

/// <summary>
/// The strategy's side of one coordinator's life: what Akka told of the regions, the shards that wait for a place, the moves under way. It asks the director and the planner and keeps their answers. Called by the
/// coordinator, the cluster's news and timers; one lock, and nothing under it takes long.
/// </summary>
internal sealed partial class ShardPlacer : IDisposable
{
    private static readonly TimeSpan s_reconsider = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_soon = TimeSpan.FromMilliseconds(1);

    private readonly Lock _lock = new();
    private readonly string _typeName;
    private readonly PlacementOptions _options;
    private readonly IPlacementBoard _board;
    private readonly Func<IActorRef, string> _addressOf;
    private readonly Action<PlacementDecision> _note;
    private readonly Action<string, Exception> _warn;
    private readonly PlacementLedger _ledger;
    private readonly MovePlanner _planner;
    private readonly ITimer _timer;
    private readonly Dictionary<string, HeldShard> _held = new(StringComparer.Ordinal);
    private readonly PriorityQueue<string, DateTimeOffset> _opening = new();
    private readonly MovesUnderWay _moves = new();
    private bool _disposed;

    /// <param name="typeName">The type.</param>
    /// <param name="options">How to place.</param>
    /// <param name="board">The cluster's news.</param>
    /// <param name="addressOf">The address of a region's node.</param>
    /// <param name="note">Hears each decision that is new.</param>
    /// <param name="warn">Hears what went wrong with the history.</param>
    public ShardPlacer(
        string typeName, PlacementOptions options, IPlacementBoard board, Func<IActorRef, string> addressOf, Action<PlacementDecision> note, Action<string, Exception> warn)
    {
        _typeName = typeName;
        _options = options;
        _board = board;
        _addressOf = addressOf;
        _note = note;
        _warn = warn;
        _planner = new MovePlanner(options);
        _ledger = new PlacementLedger(typeName, options.History!, options.Time, warn);
        _timer = options.Time.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Begins to read the history. Until it is there, shards wait.</summary>
    public void Start()
    {
        PlacementMetrics.Add(this, _typeName);
        _ = _ledger.LoadAsync(apply =>
        {
            lock (_lock)
            {
                apply();
                ObserveLoaded();
                ReconsiderAll(Now);
            }
        });
    }

    /// <summary>Where a shard shall go.</summary>
    public Task<IActorRef> Allocate(IActorRef requester, string shard, IImmutableDictionary<IActorRef, IImmutableList<string>> allocations)
    {
        lock (_lock)
        {
            var now = Now;
            Observe(allocations, all: false, now);
            if (_isRegionNew && _held.Count > 0)
            {
                // Some may wait for just this node.
                ReconsiderAll(now);
            }

            _isRegionNew = false;
            if (_inFlight.TryGetValue(shard, out var decided) && _regions.TryGetValue(decided.Address, out var region) && region.IsCandidate && MayStay(decided.Address))
            {
                return Task.FromResult(region.Region);
            }

            Forget(shard);
            if (!_held.TryGetValue(shard, out var held))
            {
                GoneWithoutWord(shard, now);
                held = new HeldShard(shard, RegionOf(requester), now);
                _held.Add(shard, held);
            }

            Consider(held, now, isAsked: true);
            Arm();
            return held.Place;
        }
    }

    /// <summary>Where a shard is, would go or waits for.</summary>
    public PlacementDecision Explain(string shard)
    {
        lock (_lock)
        {
            // What was decided a moment ago is true before Akka tells so.
            var owner = _inFlight.TryGetValue(shard, out var decided) ? decided.Address : _owners.GetValueOrDefault(shard);
            if (owner is not null && !_held.ContainsKey(shard))
            {
                var location = _board.Members.GetValueOrDefault(owner)?.Location;
                var why = _ledger.Find(shard)?.Newest is { } newest && newest.Node == owner ? $", placed there at {newest.Since:u} ({newest.Reason})" : "";
                return new PlacementDecision(shard, PlacementOutcome.Place, PlacementReason.Running, $"runs on {owner} ({location?.ToString() ?? "left"}){why}") { Node = owner, Location = location };
            }

            return Decide(_held.GetValueOrDefault(shard) ?? new HeldShard(shard, null, Now), Now);
        }
    }

    /// <summary>The cluster has changed.</summary>
    public void Changed()
    {
        // Reports come many a second in a big cluster; whoever waits for room can wait for the next second.
        _changed = true;

        // Never waits for the lock: who tells of a change may be another type's placer that holds its own, and this one may be telling that one just now. Whoever has the lock may have armed already, hence the timer.
        if (_lock.TryEnter())
        {
            try
            {
                Arm();
            }
            finally
            {
                _lock.Exit();
            }
        }
        else
        {
            _timer.Change(s_soon, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _held.Clear();
        }

        PlacementMetrics.Remove(this);
        _timer.Dispose();
        _ledger.Dispose();
    }

    /// <summary>How many shards wait for a place.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _held.Count;
            }
        }
    }

    private DateTimeOffset Now => _options.Time.GetUtcNow();

    private void Consider(HeldShard held, DateTimeOffset now, bool isAsked = false)
    {
        var decision = Decide(held, now);
        var isNews = held.Decision is null || held.Decision.Reason != decision.Reason || held.Decision.OpensAt != decision.OpensAt;
        held.Decision = decision;
        if (isNews)
        {
            _note(decision);
        }

        if (decision.Outcome == PlacementOutcome.Place)
        {
            Settle(held, decision, now);
            if (held.ToldAt is not null)
            {
                _board.TellPlaced(_typeName, held.Shard);
            }

            return;
        }

        if (isNews && decision.OpensAt is { } opensAt)
        {
            _opening.Enqueue(held.Shard, opensAt);
        }

        // Somebody waits for it, on a node that may not have heard of the hold or has forgotten it. The history is read and a node has arrived in a moment, or not at all: that is nothing to tell callers of.
        if (decision.Reason is not (PlacementReason.HistoryNotLoaded or PlacementReason.NodeArriving) && (isNews || (isAsked && !(now - held.ToldAt < s_reconsider))))
        {
            held.ToldAt = now;
            _board.TellHeld(new PlacementHold(_typeName, held.Shard, decision.Reason, decision.Text, decision.RemainingHold, IsPinned: decision.Outcome == PlacementOutcome.Refuse));
        }
    }

    private PlacementDecision Decide(HeldShard held, DateTimeOffset now)
    {
        if (!_ledger.IsLoaded)
        {
            return new PlacementDecision(held.Shard, PlacementOutcome.Hold, PlacementReason.HistoryNotLoaded, "waits for the record of earlier placements, which is still being read");
        }

        var record = _ledger.Find(held.Shard);
        var move = _moves.Find(held.Shard);
        return PlacementDirector.Decide(
            View(),
            new ShardQuery(held.Shard, held.AskedAt)
            {
                HomeRegion = ShardName.HomeRegionOf(held.Shard),
                RequesterRegion = held.RequesterRegion,
                Record = record,
                Released = move is not null || _released.Contains(held.Shard) || (record?.Newest is { LostAt: null } newest && Releases(newest.Node)),
                Target = move?.To,
                ByOperator = move?.ByOperator == true,
            },
            _options.Policy,
            now);
    }

    private void Settle(HeldShard held, PlacementDecision decision, DateTimeOffset now)
    {
        var track = _regions[decision.Node!];
        _held.Remove(held.Shard);
        _released.Remove(held.Shard);
        _inFlight[held.Shard] = (track.Address, now);
        track.InFlight++;
        track.Unreported++;
        if (_view?.Find(track.Address) is { } node)
        {
            node.Shards++;
            node.Unreported++;
        }

        _ledger.Placed(held.Shard, new PlacementEntry(track.Address, decision.Location!, now, null, decision.Reason));
        held.Found(track.Region);
    }

    private void ReconsiderAll(DateTimeOffset now)
    {
        _changed = false;
        _reconsidered = now;
        foreach (var held in _held.Values.ToArray())
        {
            Consider(held, now);
        }

        Arm();
    }

    private void OnTimer()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            try
            {
                OnTime(Now);
            }
            catch (Exception exception)
            {
                // On a timer's thread it would end the process; Akka's next question tries again.
                _warn($"The waiting shards of {_typeName} could not be looked at.", exception);
            }
        }
    }

    private void OnTime(DateTimeOffset now)
    {
        if (_changed && now - _reconsidered >= s_reconsider)
        {
            ReconsiderAll(now);
        }

        while (_opening.TryPeek(out var shard, out var opensAt) && opensAt <= now)
        {
            _opening.Dequeue();
            if (_held.TryGetValue(shard, out var held))
            {
                Consider(held, now);
            }
        }

        Arm();
    }

    private void Arm()
    {
        if (_disposed || _held.Count == 0)
        {
            return;
        }

        var changed = _changed;
        DateTimeOffset? next = changed ? _reconsidered + s_reconsider : null;
        if (_opening.TryPeek(out _, out var opensAt) && (next is null || opensAt < next))
        {
            next = opensAt;
        }

        if (next is { } at)
        {
            var wait = at - Now;
            _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }

        // Changed does not wait for the lock: it may have set the timer just before this did.
        if (!changed && _changed)
        {
            Arm();
        }
    }
}
