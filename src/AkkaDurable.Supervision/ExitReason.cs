namespace AkkaDurable.Supervision;

/// <summary>Why a child ended. An actor says it by <see cref="ActorExitExtensions.Stop"/>; a plain stop is <see cref="Normal"/>, an exception an <see cref="Error(Exception)"/>.</summary>
public sealed record ExitReason
{
    private ExitReason(ExitKind kind, string? detail = null, Exception? exception = null)
    {
        Kind = kind;
        Detail = detail;
        Exception = exception;
    }

    /// <summary>It was done.</summary>
    public static ExitReason Normal { get; } = new(ExitKind.Normal);

    /// <summary>It was told to end.</summary>
    public static ExitReason Shutdown { get; } = new(ExitKind.Shutdown);

    /// <summary>It was killed.</summary>
    public static ExitReason Killed { get; } = new(ExitKind.Killed);

    /// <summary>It was not there.</summary>
    public static ExitReason NotRunning { get; } = new(ExitKind.NotRunning);

    /// <summary>What kind of end it was.</summary>
    public ExitKind Kind { get; }

    /// <summary>More about it, when something was said.</summary>
    public string? Detail { get; }

    /// <summary>The exception that ended it, if one did.</summary>
    public Exception? Exception { get; }

    /// <summary>Whether a transient child is restarted after it: everything but <see cref="ExitKind.Normal"/> and <see cref="ExitKind.Shutdown"/>.</summary>
    public bool IsAbnormal => Kind is not (ExitKind.Normal or ExitKind.Shutdown);

    /// <summary>An orderly end with a word about why. OTP's <c>{shutdown, Term}</c>.</summary>
    /// <param name="detail">Why.</param>
    /// <returns>The reason.</returns>
    public static ExitReason ShutdownBecause(string detail) => new(ExitKind.Shutdown, Required(detail));

    /// <summary>An abnormal end by an exception.</summary>
    /// <param name="exception">The exception.</param>
    /// <returns>The reason.</returns>
    public static ExitReason Error(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return new(ExitKind.Error, exception.Message, exception);
    }

    /// <summary>An abnormal end for a reason of one's own.</summary>
    /// <param name="detail">Why.</param>
    /// <returns>The reason.</returns>
    public static ExitReason Error(string detail) => new(ExitKind.Error, Required(detail));

    /// <summary>As <c>normal</c>, <c>shutdown: no more work</c>, <c>error: InvalidOperationException: no price</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        var kind = Kind switch
        {
            ExitKind.Normal => "normal",
            ExitKind.Shutdown => "shutdown",
            ExitKind.Error => "error",
            ExitKind.Killed => "killed",
            _ => "not running",
        };
        return (Exception, Detail) switch
        {
            ({ } exception, _) => $"{kind}: {exception.GetType().Name}: {exception.Message}",
            (_, { } detail) => $"{kind}: {detail}",
            _ => kind,
        };
    }

    /// <summary>A supervisor that did not start since a child of it did not: an orderly end, which carries why.</summary>
    internal static ExitReason FailedToStart(string childId, ExitReason reason)
    {
        var inner = reason.Exception as ChildStartException;
        var exception = new ChildStartException(inner is null ? childId : $"{childId}/{inner.Path}", inner?.Reason ?? reason);
        return new(ExitKind.Shutdown, exception.Message, exception);
    }

    private static string Required(string detail)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(detail);
        return detail;
    }
}
