namespace AkkaDurable;

/// <summary>The server crashed too often and starts only on request (<see cref="ServerRef.StartAsync"/>).</summary>
public sealed class ServerCrashedException : DurableServerException
{
    internal ServerCrashedException(string serverType, string key, string message, Exception? inner = null)
        : base(serverType, key, CallOutcome.NotApplied, message, inner)
    {
    }
}
