namespace AkkaDurable.Placement;

/// <summary>What was decided about a shard, and why. Immutable and safe for concurrent use.</summary>
public sealed record PlacementDecision
{
    internal PlacementDecision(string shard, PlacementOutcome outcome, PlacementReason reason, string text)
    {
        Shard = shard;
        Outcome = outcome;
        Reason = reason;
        Text = text;
    }

    /// <summary>The shard.</summary>
    public string Shard { get; }

    /// <summary>Place, hold or refuse.</summary>
    public PlacementOutcome Outcome { get; }

    /// <summary>Why.</summary>
    public PlacementReason Reason { get; }

    /// <summary>Why, in a sentence for logs and people.</summary>
    public string Text { get; }

    /// <summary>The address of the node that it goes to, such as <c>akka.tcp://shop@10.0.0.7:8110</c>; null unless placed.</summary>
    public string? Node { get; internal init; }

    /// <summary>Where that node is; null unless placed.</summary>
    public NodeLocation? Location { get; internal init; }

    /// <summary>The level of the policy, from 0, that allowed the node; the number of levels for "anywhere". Null unless placed.</summary>
    public int? Level { get; internal init; }

    /// <summary>When the next level with a node that would do opens, or until when it waits for a node that is just starting the type; null if it is placed, or neither is known.</summary>
    public DateTimeOffset? OpensAt { get; internal init; }

    /// <summary>How long that was from the moment of the decision; null if it is placed, or neither is known.</summary>
    public TimeSpan? RemainingHold { get; internal init; }

    /// <summary>The decision in a line.</summary>
    /// <returns>Shard, outcome and the sentence.</returns>
    public override string ToString() => $"{Shard}: {Outcome} ({Reason}): {Text}";
}
