namespace AkkaDurable;

/// <summary>Why a server does not run any longer, or why a member left its group.</summary>
public enum LifecycleReason
{
    /// <summary>A member left by itself, or a server stopped with <see cref="StopReason.Normal"/>.</summary>
    Normal = 1,

    /// <summary>A server was told to stop: idle, evicted, handed over, or its node goes down.</summary>
    Shutdown = 2,

    /// <summary>A server stopped for good.</summary>
    Permanent = 3,

    /// <summary>A server was deleted.</summary>
    Delete = 4,

    /// <summary>A server crashed, or its last state could not be saved.</summary>
    Error = 5,

    /// <summary>A server's node found out that another one owns the server.</summary>
    OwnershipLost = 6,

    /// <summary>The server is known to run anew, there or elsewhere, before the end of its former run was told.</summary>
    Moved = 7,

    /// <summary>The actor that was the member has ended.</summary>
    ActorEnded = 8,

    /// <summary>The node left the cluster in order.</summary>
    NodeLeft = 9,

    /// <summary>The node was removed from the cluster without having left it.</summary>
    NodeLost = 10,

    /// <summary>The node disconnected from the named cluster.</summary>
    Disconnected = 11,

    /// <summary>It happened while messages between the nodes were lost: only that it is gone is known.</summary>
    Unknown = 12,

    /// <summary>A server was cordoned.</summary>
    Cordon = 13,

    /// <summary>A server crashed too often, and is not started any more but on request.</summary>
    PermanentlyCrashed = 14,
}
