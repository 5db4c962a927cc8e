namespace AkkaDurable;

/// <summary>The server crashed too often (<see cref="DurableServerOptions.MaxCrashes"/>) and starts only on request (<see cref="ServerRef.StartAsync"/>). The call did not run.</summary>
public sealed class ServerCrashedException : DurableServerException
{
    internal ServerCrashedException(string serverType, string key, string message, Exception? inner = null)
        : base(serverType, key, CallOutcome.NotApplied, message, inner)
    {
    }

    /// <summary>Its crashes that are still remembered, oldest first.</summary>
    public IReadOnlyList<ServerCrash> Crashes { get; internal init; } = [];
}
