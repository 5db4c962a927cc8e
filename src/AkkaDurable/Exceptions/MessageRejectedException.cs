namespace AkkaDurable;

/// <summary>The node of the server could not read the message: its alias is unknown there or its body is malformed. It was not handled.</summary>
public sealed class MessageRejectedException : DurableServerException
{
    internal MessageRejectedException(string serverType, string key, string message, Exception? inner = null)
        : base(serverType, key, CallOutcome.NotApplied, message, inner)
    {
    }
}
