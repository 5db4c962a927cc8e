namespace AkkaDurable;

/// <summary>The node that the server belongs to, or each node that may run it, is at one of its capacity limits and starts no more servers. The call did not run.</summary>
public sealed class CapacityExceededException : DurableServerException
{
    internal CapacityExceededException(string serverType, string key, string message, Exception? inner = null)
        : base(serverType, key, CallOutcome.NotApplied, message, inner)
    {
    }
}
