namespace AkkaDurable;

/// <summary>Too many messages wait for the server (<see cref="DurableServerOptions.MaxWaitingMessages"/>). The call was refused at once.</summary>
public sealed class OverloadedException : DurableServerException
{
    internal OverloadedException(string serverType, string key, string message, Exception? inner = null)
        : base(serverType, key, CallOutcome.NotApplied, message, inner)
    {
    }
}
