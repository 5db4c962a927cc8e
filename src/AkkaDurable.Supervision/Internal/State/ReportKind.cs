namespace AkkaDurable.Supervision.Internal.State;

/// <summary>OTP's error reports.</summary>
internal enum ReportKind
{
    /// <summary>A child ended by itself.</summary>
    ChildTerminated,

    /// <summary>A child did not start.</summary>
    StartError,

    /// <summary>A child that was to end did so with another reason than it should.</summary>
    ShutdownError,

    /// <summary>There were too many restarts.</summary>
    TooManyRestarts,
}
