using System.Collections.Immutable;
using Akka.Actor;
using AkkaDurable.Placement.Internal.Directing;

namespace AkkaDurable.Placement.Internal.Strategy;

/// <summary>Moves: planned when Akka asks what shall be rebalanced, ended when the shard shows up on its new node.</summary>
internal sealed partial class ShardPlacer
{
    // Akka confirms a decision by telling of it; one that it has not taken is none.
    private static readonly TimeSpan s_confirmation = TimeSpan.FromSeconds(30);

    public IImmutableSet<string> Rebalance(IImmutableDictionary<IActorRef, IImmutableList<string>> allocations, IImmutableSet<string> inProgress)
    {
        lock (_lock)
        {
            var now = Now;
            Observe(allocations, all: true, now);
            foreach (var failed in _moves.Look(inProgress.Contains, shard => _owners.GetValueOrDefault(shard)))
            {
                if (failed.Asked)
                {
                    _board.Answer(_typeName, new MoveAnswer(failed.Shard, PlacementCommandOutcome.NotAllowed, "its node did not hand it over in time", failed.From));
                }
            }

            // Shards that wait, since Akka asked for them once without anybody waiting behind.
            ReconsiderAll(now);
            if (!_ledger.IsLoaded)
            {
                return ImmutableHashSet<string>.Empty;
            }

            foreach (var ignored in _inFlight.Where(decided => now - decided.Value.At > s_confirmation).Select(decided => decided.Key).ToArray())
            {
                Forget(ignored);
            }

            _view = null;
            var view = View();
            TellDrains(view);
            var moving = inProgress.Count + _moves.All.Count(move => !move.IsIdle && !inProgress.Contains(move.Shard));
            var plan = _planner.Plan(view, _ledger.Find, shard => inProgress.Contains(shard) || _moves.Contains(shard), moving, Asked(), now);
            _view = null;
            return Begin(plan);
        }
    }

    private static void Shift(ClusterView view, MovesUnderWay.Move move)
    {
        if (!move.IsIdle && view.Find(move.From) is { } from)
        {
            from.Shards--;
        }

        if (view.Find(move.To) is { } to)
        {
            to.Shards++;
        }
    }

    private List<MoveRequest> Asked()
    {
        // A wish about a shard that has no place is one for later.
        var requests = _board.Requests(_typeName);
        return requests.Count == 0 ? [] : [.. requests.Where(request => !_held.ContainsKey(request.Shard) && !_inFlight.ContainsKey(request.Shard))];
    }

    private ImmutableHashSet<string> Begin(MovePlan plan)
    {
        foreach (var answer in plan.Answers)
        {
            _board.Answer(_typeName, answer);
        }

        var asked = _board.Requests(_typeName).Select(request => request.Shard).ToHashSet(StringComparer.Ordinal);
        foreach (var move in plan.Moves)
        {
            _moves.Begin(move.Shard, move.From, move.To, move.ByOperator, asked.Contains(move.Shard));
            _note(new PlacementDecision(move.Shard, PlacementOutcome.Place, move.ByOperator ? PlacementReason.Operator : PlacementReason.Move, move.Text)
            {
                Node = move.To,
                Location = _board.Members.GetValueOrDefault(move.To)?.Location,
            });
        }

        return [.. plan.Moves.Select(move => move.Shard)];
    }

    private void EndMove(MovesUnderWay.Move move, string owner)
    {
        _moves.End(move.Shard);
        if (move.Asked)
        {
            _board.Answer(
                _typeName,
                move.ByOperator && owner != move.To
                    ? new MoveAnswer(move.Shard, PlacementCommandOutcome.NotAllowed, $"{move.To} could not take it any more", owner)
                    : new MoveAnswer(move.Shard, PlacementCommandOutcome.Done, $"it runs on {owner}", owner));
        }
    }

    private void TellDrains(ClusterView view)
    {
        foreach (var node in view.Nodes.Where(node => node.Draining))
        {
            _board.TellLeft(_typeName, node.Address, node.ShardIds.Count);
        }
    }
}
