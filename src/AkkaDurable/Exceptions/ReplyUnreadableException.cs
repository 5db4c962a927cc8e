namespace AkkaDurable;

/// <summary>The call ran and what it changed is stored, but its reply, which came from another node, cannot be read as what the request promises.</summary>
public sealed class ReplyUnreadableException : DurableServerException
{
    internal ReplyUnreadableException(string serverType, string key, string message, Exception? inner = null)
        : base(serverType, key, CallOutcome.Applied, message, inner)
    {
    }
}
