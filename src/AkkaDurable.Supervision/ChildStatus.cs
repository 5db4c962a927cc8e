namespace AkkaDurable.Supervision;

/// <summary>What a child is doing.</summary>
public enum ChildStatus
{
    /// <summary>It does not run: its start was ignored, it ended and is not restarted, or it was terminated by hand. OTP's <c>undefined</c>.</summary>
    Stopped,

    /// <summary>Its start has begun and is not over.</summary>
    Starting,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>It runs, but has not yet stayed up as long as its <see cref="RestartBackoff.StaysUp"/> asks.</summary>
    Settling,

    /// <summary>It is about to be started again: the last attempt failed, or its back-off is running. OTP's <c>restarting</c>.</summary>
    Restarting,

    /// <summary>It was asked to end and has not yet.</summary>
    Stopping,
}
