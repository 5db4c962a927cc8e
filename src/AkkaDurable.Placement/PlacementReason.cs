namespace AkkaDurable.Placement;

/// <summary>Why a shard goes where it goes, or does not.</summary>
public enum PlacementReason
{
    /// <summary>Placed for the first time.</summary>
    FirstPlacement = 0,

    /// <summary>Placed on a level of its policy.</summary>
    Near = 1,

    /// <summary>Placed on a node that no level but "anywhere" allows.</summary>
    Fallback = 2,

    /// <summary>Placed where a move was to bring it: an operator's, a drain's, a way home or a levelling.</summary>
    Move = 3,

    /// <summary>Placed away from a node that leaves or is drained, without waiting for it.</summary>
    Released = 4,

    /// <summary>It already runs there.</summary>
    Running = 5,

    /// <summary>Waits: a further level opens later.</summary>
    LevelNotOpen = 6,

    /// <summary>Waits: no node that its policy allows is there.</summary>
    NoNode = 7,

    /// <summary>Waits: all nodes that its policy allows are at a limit.</summary>
    AtLimits = 8,

    /// <summary>Waits: what is known about earlier placements is not loaded yet.</summary>
    HistoryNotLoaded = 9,

    /// <summary>Placed on the node that an operator chose; it stays there, also outside its home region.</summary>
    Operator = 10,

    /// <summary>Waits: a node of its region is up and has not started the type yet (<see cref="PlacementOptions.ArrivalTime"/>).</summary>
    NodeArriving = 11,
}
