namespace AkkaDurable;

/// <summary>
/// No reply came within the call's time-out, though it was sent again as often as it was safe to; or the call ran before and its reply is not remembered. It may have run, may be running, or may never have arrived.
/// </summary>
/// <remarks>
/// The default time-out is <see cref="DurableServerOptions.CallTimeout"/>; each call can set its own. To be able to ask again, give the call an id of your own: <see cref="CallOptions.Id"/>.
/// </remarks>
public sealed class OutcomeUnknownException : DurableServerException
{
    internal OutcomeUnknownException(string serverType, string key, string callId, string message, Exception? inner = null)
        : base(serverType, key, CallOutcome.Unknown, message, inner) => CallId = callId;

    /// <summary>The id of the call: the one given by <see cref="CallOptions.Id"/>, or the one made for it. Empty for what is no call, such as a start.</summary>
    public string CallId { get; }
}
