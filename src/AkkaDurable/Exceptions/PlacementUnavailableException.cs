namespace AkkaDurable;

/// <summary>
/// The server has no place to run. Either the placement policy holds its shard back for the node, zone or region it ran in, or pins it there: told at once, unless the hold ends within the call's time-out. Or the
/// call reached no node that runs it within its time-out, as happens while the cluster finds out that a node was lost. The call did not run.
/// </summary>
public sealed class PlacementUnavailableException : DurableServerException
{
    internal PlacementUnavailableException(string serverType, string key, string message, Exception? inner = null)
        : base(serverType, key, CallOutcome.NotApplied, message, inner)
    {
    }

    /// <summary>After how long more nodes may run the server.</summary>
    /// <value><see langword="null"/>: time alone does not change it, a node that may run it must come (back); or it is not known.</value>
    public TimeSpan? RetryAfter { get; internal init; }
}
