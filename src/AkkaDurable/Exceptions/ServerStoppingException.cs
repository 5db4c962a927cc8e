namespace AkkaDurable;

/// <summary>The server stopped after it had taken the call, without a reply.</summary>
public sealed class ServerStoppingException : DurableServerException
{
    internal ServerStoppingException(string serverType, string key, CallOutcome outcome, string message)
        : base(serverType, key, outcome, message)
    {
    }
}
