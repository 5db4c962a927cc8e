namespace AkkaDurable;

/// <summary>The server's <c>Init</c> returned <c>Ignore</c>: it does not want to run.</summary>
public sealed class ServerIgnoredException : DurableServerException
{
    internal ServerIgnoredException(string serverType, string key, string message, Exception? inner = null)
        : base(serverType, key, CallOutcome.NotApplied, message, inner)
    {
    }
}
