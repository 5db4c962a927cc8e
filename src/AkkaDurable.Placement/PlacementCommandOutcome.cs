namespace AkkaDurable.Placement;

/// <summary>What became of an operator's command.</summary>
public enum PlacementCommandOutcome
{
    /// <summary>Done.</summary>
    Done = 0,

    /// <summary>Nothing was to be done: it was so already.</summary>
    AlreadySo = 1,

    /// <summary>The cluster has no such node.</summary>
    NoSuchNode = 2,

    /// <summary>The shard is not running anywhere, or the coordinator does not know it.</summary>
    NoSuchShard = 3,

    /// <summary>The policy, a limit, a drain or a cordon forbids the target; or no other node may take the shard.</summary>
    NotAllowed = 4,

    /// <summary>Another command about the same shard took this one's place.</summary>
    Superseded = 5,

    /// <summary>It was accepted but not seen done in time. It stays in force for <see cref="IPlacementControl.RehomeAsync"/>'s time, and may still be done.</summary>
    Pending = 6,
}
