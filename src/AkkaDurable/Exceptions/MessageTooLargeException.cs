namespace AkkaDurable;

/// <summary>A message, or the reply to it, is larger than <see cref="DurableServersSetup.MaxMessageSize"/> and was not sent to another node.</summary>
public sealed class MessageTooLargeException : DurableServerException
{
    internal MessageTooLargeException(string serverType, string key, string message, Exception? inner = null)
        : base(serverType, key, CallOutcome.NotApplied, message, inner)
    {
    }

    /// <summary>The size of the encoded message in bytes; 0 when it was not encoded to its end.</summary>
    public long Size { get; internal init; }

    /// <summary>The limit in bytes.</summary>
    public long Limit { get; internal init; }
}
