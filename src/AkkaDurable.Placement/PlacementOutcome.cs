namespace AkkaDurable.Placement;

/// <summary>What was decided about a shard.</summary>
public enum PlacementOutcome
{
    /// <summary>It goes to a node.</summary>
    Place = 0,

    /// <summary>It waits: a further level opens later, or a node that would do may come or have room again. Calls wait too.</summary>
    Hold = 1,

    /// <summary>It waits as well, but its policy is pinned: calls are to fail at once instead of waiting.</summary>
    Refuse = 2,
}
