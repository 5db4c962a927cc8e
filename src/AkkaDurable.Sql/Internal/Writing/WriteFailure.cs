namespace AkkaDurable.Sql.Internal.Writing;

/// <summary>Why a group was not written.</summary>
/// <param name="Kind">What it means for the members.</param>
/// <param name="Message">What to tell the callers.</param>
/// <param name="Cause">The driver's exception.</param>
internal sealed record WriteFailure(FailureKind Kind, string Message, Exception? Cause)
{
    /// <summary>An exception for one caller; exceptions that are thrown on several threads at once mix up their stack traces.</summary>
    public StoreUnavailableException ToException() =>
        Kind == FailureKind.Unknown ? new(Message, Cause) : StoreUnavailableException.NotApplied(Message, Cause);
}
