namespace AkkaDurable.Placement.Internal.Directing;

/// <summary>What the planner says to an operator's wish that it does not begin to fulfil. A wish that is to wait gets no answer.</summary>
internal sealed record MoveAnswer(string Shard, PlacementCommandOutcome Outcome, string Text, string? Node);
