namespace AkkaDurable;

/// <summary>The stored status of a server. The numbers are stored and never change.</summary>
public enum ServerStatus
{
    /// <summary>Owned by a node, or owned by one that was lost: the next message starts it again.</summary>
    Running = 0,

    /// <summary>Stopped in order, by idling, by a hand-over or on request. The next message starts it again.</summary>
    StoppedGraceful = 1,

    /// <summary>Stopped for good: messages are refused until somebody starts it explicitly.</summary>
    StoppedPermanent = 2,

    /// <summary>It ended with an error. The next message starts it again.</summary>
    Crashed = 3,

    /// <summary>It ended with an error too often: messages are refused until somebody starts it explicitly.</summary>
    PermanentlyCrashed = 4,

    /// <summary>An operator keeps it from running: messages and starts are refused until it is uncordoned.</summary>
    Cordoned = 5,

    /// <summary>Its record is being deleted.</summary>
    Deleting = 6,
}
