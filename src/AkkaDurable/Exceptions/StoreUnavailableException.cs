namespace AkkaDurable;

/// <summary>The state store cannot be reached, or cannot say how a write ended.</summary>
/// <remarks>
/// Thrown by stores, and by calls whose server could not be started because of it; then <see cref="DurableServerException.Outcome"/> is
/// <see cref="CallOutcome.NotApplied"/>. A save of which the store cannot say how it ended reaches callers as <see cref="SaveFailedException"/>, one that surely was not written as this exception.
/// </remarks>
public sealed class StoreUnavailableException : DurableServerException
{
    /// <summary>Makes the exception for a store, which does not know of calls.</summary>
    /// <param name="message">What could not be done, without secrets such as connection strings.</param>
    /// <param name="inner">The driver's exception.</param>
    public StoreUnavailableException(string message, Exception? inner = null)
        : base("", "", CallOutcome.Unknown, message, inner)
    {
    }

    private StoreUnavailableException(string message, CallOutcome outcome, Exception? inner = null)
        : base("", "", outcome, message, inner)
    {
    }

    internal StoreUnavailableException(string serverType, string key, string message, Exception? inner = null)
        : base(serverType, key, CallOutcome.NotApplied, message, inner)
    {
    }

    /// <summary>Whether the store refused an operation at once because too many wait already. Nothing was written then: <see cref="DurableServerException.Outcome"/> is <see cref="CallOutcome.NotApplied"/>.</summary>
    /// <value><see langword="false"/> unless it was made by <see cref="Overloaded"/>.</value>
    public bool IsOverloaded { get; private init; }

    /// <summary>Makes the exception for a store that knows that nothing was written, for example because it never had a connection to send it by: <see cref="DurableServerException.Outcome"/> is <see cref="CallOutcome.NotApplied"/>.</summary>
    /// <param name="message">What could not be done, without secrets such as connection strings.</param>
    /// <param name="inner">The driver's exception.</param>
    /// <returns>The exception.</returns>
    public static StoreUnavailableException NotApplied(string message, Exception? inner = null) => new(message, CallOutcome.NotApplied, inner);

    /// <summary>Makes the exception for a store that refuses an operation because too many wait already.</summary>
    /// <param name="message">What was refused, and which limit it met.</param>
    /// <returns>The exception.</returns>
    public static StoreUnavailableException Overloaded(string message) => new(message, CallOutcome.NotApplied) { IsOverloaded = true };
}
