namespace AkkaDurable;

/// <summary>The state could not be saved and the store cannot say whether it was. The server restarts from what is stored.</summary>
public sealed class SaveFailedException : DurableServerException
{
    internal SaveFailedException(string serverType, string key, string message, Exception? inner = null)
        : base(serverType, key, CallOutcome.Unknown, message, inner)
    {
    }
}
