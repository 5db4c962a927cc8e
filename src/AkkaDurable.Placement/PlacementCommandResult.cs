namespace AkkaDurable.Placement;

/// <summary>What became of an operator's command, and why.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Text">Why, in a sentence.</param>
/// <param name="Node">The node that it is about; for a move the one that has the shard now. Null if there is none.</param>
public sealed record PlacementCommandResult(PlacementCommandOutcome Outcome, string Text, string? Node = null)
{
    /// <summary>Whether what was asked for is so now.</summary>
    public bool IsDone => Outcome is PlacementCommandOutcome.Done or PlacementCommandOutcome.AlreadySo;
}
