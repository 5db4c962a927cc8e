namespace AkkaDurable;

/// <summary>The server's <c>Init</c>, or its construction, threw. The next message tries again.</summary>
public sealed class InitFailedException : DurableServerException
{
    internal InitFailedException(string serverType, string key, string message, Exception? inner = null)
        : base(serverType, key, CallOutcome.NotApplied, message, inner)
    {
    }
}
