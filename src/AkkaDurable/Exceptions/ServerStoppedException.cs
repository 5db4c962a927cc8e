namespace AkkaDurable;

/// <summary>The server was stopped for good and starts only on request (<see cref="ServerRef.StartAsync"/>), or it stopped before it came to the call.</summary>
public sealed class ServerStoppedException : DurableServerException
{
    internal ServerStoppedException(string serverType, string key, string message, Exception? inner = null)
        : base(serverType, key, CallOutcome.NotApplied, message, inner)
    {
    }
}
