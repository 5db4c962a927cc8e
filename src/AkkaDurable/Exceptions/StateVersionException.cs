namespace AkkaDurable;

/// <summary>The stored state has a version that this code cannot load: a newer one, or an older one without a migration. The record was left as it is.</summary>
public sealed class StateVersionException : DurableServerException
{
    internal StateVersionException(string serverType, string key, string message, Exception? inner = null)
        : base(serverType, key, CallOutcome.NotApplied, message, inner)
    {
    }

    /// <summary>The version of the stored state.</summary>
    public long StoredVersion { get; internal init; }

    /// <summary>The version of this code.</summary>
    public long CodeVersion { get; internal init; }
}
