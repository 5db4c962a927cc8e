namespace AkkaDurable;

/// <summary>The handler's reply cannot be written as JSON for a caller on another node. Nothing was saved.</summary>
public sealed class ReplyNotSerializableException : DurableServerException
{
    internal ReplyNotSerializableException(string serverType, string key, string message, Exception? inner = null)
        : base(serverType, key, CallOutcome.NotApplied, message, inner)
    {
    }
}
