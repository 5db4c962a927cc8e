namespace AkkaDurable;

/// <summary>This incarnation of the server is stale: another one has claimed the record since. Nothing was saved, and this incarnation stops.</summary>
public sealed class OwnershipLostException : DurableServerException
{
    internal OwnershipLostException(string serverType, string key, string message, Exception? inner = null)
        : base(serverType, key, CallOutcome.NotApplied, message, inner)
    {
    }
}
