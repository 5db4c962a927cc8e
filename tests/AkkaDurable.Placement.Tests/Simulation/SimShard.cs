using System.Collections.Immutable;
using AkkaDurable.Placement.Internal.Directing;

namespace AkkaDurable.Placement.Tests.Simulation;

internal sealed class SimShard(string name)
{
    public string Name { get; } = name;

    public SimState State { get; set; }

    public SimNode? Node { get; set; }

    public PlacementRecord? Record { get; private set; }

    public DateTimeOffset? AskedAt { get; set; }

    public bool Released { get; set; }

    public ShardMove? Move { get; private set; }

    public DateTimeOffset HandedOverAt { get; private set; }

    public void Begin(ShardMove move, DateTimeOffset handedOverAt)
    {
        State = SimState.Moving;
        Move = move;
        HandedOverAt = handedOverAt;
    }

    public void Placed(SimNode node, PlacementDecision decision, DateTimeOffset now)
    {
        State = SimState.Running;
        Node = node;
        AskedAt = null;
        Released = false;
        Move = null;
        Record ??= new PlacementRecord(Name, ShardName.HomeRegionOf(Name) ?? node.View.Location.Region, 0, ImmutableArray<PlacementEntry>.Empty);
        Record = Record.Placed(new PlacementEntry(node.View.Address, node.View.Location, now, null, decision.Reason));
    }

    public void Lost(DateTimeOffset now, bool released)
    {
        // A move that was under way ends where the shard was; it has let go of nothing.
        State = SimState.Unplaced;
        Node = null;
        Move = null;
        AskedAt = null;
        Released = released;
        Record = Record!.Lost(now);
    }
}
