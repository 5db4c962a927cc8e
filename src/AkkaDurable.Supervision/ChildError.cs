namespace AkkaDurable.Supervision;

/// <summary>Why a supervisor did not do what it was asked for. OTP's errors, by its words.</summary>
public enum ChildError
{
    /// <summary>It did.</summary>
    None,

    /// <summary>A child with that id runs already; <see cref="ChildResult.Child"/> is it.</summary>
    AlreadyStarted,

    /// <summary>A child with that id is known and does not run (or is about to be restarted): restart or delete that one.</summary>
    AlreadyPresent,

    /// <summary>No such child.</summary>
    NotFound,

    /// <summary>The child runs, and this is for children that do not.</summary>
    Running,

    /// <summary>The child is about to be restarted, and this is for children that do not run.</summary>
    Restarting,

    /// <summary>The supervisor has as many children as it may have.</summary>
    MaxChildren,

    /// <summary>Children of dynamic supervisors have no ids: they can only be started, listed and terminated. OTP's <c>simple_one_for_one</c>.</summary>
    NoIds,

    /// <summary>The spec is refused; the reason holds an <see cref="InvalidChildSpecException"/>.</summary>
    InvalidSpec,

    /// <summary>The child's start failed; the reason says why.</summary>
    StartFailed,

    /// <summary>The supervisor ended or is about to. OTP's <c>noproc</c>.</summary>
    SupervisorNotRunning,
}
