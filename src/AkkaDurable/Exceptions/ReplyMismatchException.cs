namespace AkkaDurable;

/// <summary>The handler replied with another type than the request's <see cref="ICall{TReply}"/> promises. Nothing was saved.</summary>
public sealed class ReplyMismatchException : DurableServerException
{
    internal ReplyMismatchException(string serverType, string key, string message, Exception? inner = null)
        : base(serverType, key, CallOutcome.NotApplied, message, inner)
    {
    }
}
