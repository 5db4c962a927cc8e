namespace AkkaDurable;

/// <summary>The base of everything that a caller of a durable server can meet. Catch it to handle them all; look at <see cref="Outcome"/> before trying again.</summary>
public abstract class DurableServerException : Exception
{
    private protected DurableServerException(string serverType, string key, CallOutcome outcome, string message, Exception? inner = null)
        : base(message, inner)
    {
        ServerType = serverType;
        Key = key;
        Outcome = outcome;
    }

    /// <summary>The registered name of the server's type.</summary>
    public string ServerType { get; }

    /// <summary>The key of the server.</summary>
    public string Key { get; }

    /// <summary>Whether what the call asked for is part of the stored state.</summary>
    public CallOutcome Outcome { get; }
}
