namespace AkkaDurable;

/// <summary>How one call is made, where it differs from the others.</summary>
public sealed record CallOptions
{
    /// <summary>How long to wait for the reply, sending again included. <see cref="Timeout.InfiniteTimeSpan"/>: for ever.</summary>
    /// <value>The default is <see langword="null"/>: <see cref="DurableServerOptions.CallTimeout"/>.</value>
    public TimeSpan? Timeout { get; init; }

    /// <summary>
    /// The call's id, when its caller wants to be able to make the same call once more later, or from another process, without it running twice: the server answers a repeated id with the reply of the
    /// first run, whatever the request. Unique among all calls to the server; 1 to 512 UTF-8 bytes without control characters.
    /// </summary>
    /// <value>The default is <see langword="null"/>: an id is made for the call, good for what is sent again within its time-out.</value>
    /// <remarks>Servers remember the ids of calls that changed their state, as many and as long as <see cref="DurableServerOptions.RememberedCalls"/> and <see cref="DurableServerOptions.RememberCallsFor"/> say. A server that is deleted takes them along: a call that is made once more after that runs, on a new record.</remarks>
    public string? Id { get; init; }
}
