namespace AkkaDurable;

/// <summary>The server is cordoned: an operator keeps it from running.</summary>
public sealed class ServerCordonedException : DurableServerException
{
    internal ServerCordonedException(string serverType, string key, string message, Exception? inner = null)
        : base(serverType, key, CallOutcome.NotApplied, message, inner)
    {
    }
}
