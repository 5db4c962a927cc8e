namespace AkkaDurable;

/// <summary>No reply came within the call's time-out. The call may have run, may be running, or may never have arrived.</summary>
/// <remarks>The default time-out is <see cref="DurableServerOptions.CallTimeout"/>; each call can set its own.</remarks>
public sealed class CallTimeoutException : DurableServerException
{
    internal CallTimeoutException(string serverType, string key, string message, Exception? inner = null)
        : base(serverType, key, CallOutcome.Unknown, message, inner)
    {
    }
}
