namespace AkkaDurable;

/// <summary>The state cannot be written as JSON, or does not come back from JSON as it was. Nothing was saved; the server restarts from what is stored.</summary>
public sealed class StateNotSerializableException : DurableServerException
{
    internal StateNotSerializableException(string serverType, string key, string message, Exception? inner = null)
        : base(serverType, key, CallOutcome.NotApplied, message, inner)
    {
    }
}
