namespace AkkaDurable;

/// <summary>The state is larger than <see cref="DurableServerOptions.MaxStateSize"/>. Nothing was saved; the server restarts from what is stored.</summary>
public sealed class StateTooLargeException : DurableServerException
{
    internal StateTooLargeException(string serverType, string key, string message, Exception? inner = null)
        : base(serverType, key, CallOutcome.NotApplied, message, inner)
    {
    }

    /// <summary>The size of the state in bytes of JSON.</summary>
    public long Size { get; internal init; }

    /// <summary>The limit in bytes.</summary>
    public long Limit { get; internal init; }
}
