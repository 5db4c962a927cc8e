namespace AkkaDurable;

/// <summary>The server's handler threw. The server restarted from its stored state; what this call had changed is gone.</summary>
/// <remarks>When the server ran in this process <see cref="Exception.InnerException"/> is the handler's exception; otherwise only its type and message came over the wire, as text.</remarks>
public sealed class HandlerFailedException : DurableServerException
{
    internal HandlerFailedException(string serverType, string key, string message, Exception? inner = null)
        : base(serverType, key, CallOutcome.NotApplied, message, inner)
    {
    }
}
