namespace AkkaDurable.Supervision;

/// <summary>The kinds of <see cref="ExitReason"/>.</summary>
public enum ExitKind
{
    /// <summary>It was done: a plain <c>Context.Stop(Self)</c>, a poison pill.</summary>
    Normal,

    /// <summary>It was told to end, or ended in an orderly way.</summary>
    Shutdown,

    /// <summary>It failed: an exception, or a reason that it gave itself.</summary>
    Error,

    /// <summary>It was killed: brutally, by <c>Kill</c>, or since it did not end in time.</summary>
    Killed,

    /// <summary>It was not there (any more) when it was looked at. OTP's <c>noproc</c>.</summary>
    NotRunning,
}
