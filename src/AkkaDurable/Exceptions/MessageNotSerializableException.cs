namespace AkkaDurable;

/// <summary>A message cannot be written as JSON for a server on another node, and was not sent.</summary>
public sealed class MessageNotSerializableException : DurableServerException
{
    internal MessageNotSerializableException(string serverType, string key, string message, Exception? inner = null)
        : base(serverType, key, CallOutcome.NotApplied, message, inner)
    {
    }
}
