namespace AkkaDurable;

/// <summary>The server restarted, after an error in another message, before the call was done with.</summary>
public sealed class ServerRestartedException : DurableServerException
{
    internal ServerRestartedException(string serverType, string key, CallOutcome outcome, string message)
        : base(serverType, key, outcome, message)
    {
    }
}
