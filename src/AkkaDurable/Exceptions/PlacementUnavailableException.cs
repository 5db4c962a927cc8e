namespace AkkaDurable;

/// <summary>
/// No node may run the server for now: the placement policy holds its shard back for the node, zone or region it ran in, or pins it there. Told at once, unless the hold ends within the call's time-out. The call did not run.
/// </summary>
public sealed class PlacementUnavailableException : DurableServerException
{
    internal PlacementUnavailableException(string serverType, string key, string message, Exception? inner = null)
        : base(serverType, key, CallOutcome.NotApplied, message, inner)
    {
    }

    /// <summary>After how long more nodes may run the server.</summary>
    /// <value><see langword="null"/>: time alone does not change it, a node that may run it must come (back).</value>
    public TimeSpan? RetryAfter { get; internal init; }
}
