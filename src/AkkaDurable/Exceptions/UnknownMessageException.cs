namespace AkkaDurable;

/// <summary>The server answered <c>Unhandled</c>: its handler does not know the message.</summary>
public sealed class UnknownMessageException : DurableServerException
{
    internal UnknownMessageException(string serverType, string key, string message, Exception? inner = null)
        : base(serverType, key, CallOutcome.NotApplied, message, inner)
    {
    }
}
