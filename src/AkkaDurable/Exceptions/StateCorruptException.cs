namespace AkkaDurable;

/// <summary>The stored state cannot be read. The record was left as it is.</summary>
public sealed class StateCorruptException : DurableServerException
{
    internal StateCorruptException(string serverType, string key, string message, Exception? inner = null)
        : base(serverType, key, CallOutcome.NotApplied, message, inner)
    {
    }
}
