namespace AkkaDurable;

/// <summary>What a server that answers must be sure of, beyond what is stored.</summary>
public enum ReadPolicy
{
    /// <summary>
    /// No stale reads: a server handles messages only while its node's lease is fresh, so that no other node can own it. A server that moves because its node was lost waits until that node's lease
    /// has run out; while the store cannot be reached for longer than the lease lasts, callers get <see cref="StoreUnavailableException"/>.
    /// </summary>
    Fenced = 0,

    /// <summary>
    /// A server answers as long as it is in memory. What it says may be stale when its node was cut off or paused and another node has taken over meanwhile; its saves are fenced all the same, so a call that changes
    /// something is never acknowledged by a stale owner. No waiting when a server moves, and reads go on while the store is away.
    /// </summary>
    Fast = 1,
}
