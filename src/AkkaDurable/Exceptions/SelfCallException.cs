namespace AkkaDurable;

/// <summary>A handler called its own server, which would wait for itself for ever. Change the state in the handler, or use <c>Continue</c> or a cast.</summary>
public sealed class SelfCallException : DurableServerException
{
    internal SelfCallException(string serverType, string key, string message, Exception? inner = null)
        : base(serverType, key, CallOutcome.NotApplied, message, inner)
    {
    }
}
