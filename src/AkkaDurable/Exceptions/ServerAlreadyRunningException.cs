namespace AkkaDurable;

/// <summary><see cref="ServerRef.StartAsync"/> found the server running. <see cref="ServerRef.EnsureStartedAsync"/> does not mind.</summary>
public sealed class ServerAlreadyRunningException : DurableServerException
{
    internal ServerAlreadyRunningException(string serverType, string key, string message, Exception? inner = null)
        : base(serverType, key, CallOutcome.NotApplied, message, inner)
    {
    }
}
