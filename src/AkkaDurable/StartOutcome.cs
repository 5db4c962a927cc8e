namespace AkkaDurable;

/// <summary>How a start ended.</summary>
public enum StartOutcome
{
    /// <summary>There was no stored state: the server began with its initial state.</summary>
    Created = 0,

    /// <summary>The server began with its stored state; an initial state given with the start was not used.</summary>
    Resumed = 1,

    /// <summary>The server was running already; an initial state given with the start was not used.</summary>
    AlreadyRunning = 2,
}
