namespace AkkaDurable;

/// <summary>Why a server's last state could not be stored while its node stopped.</summary>
public enum UnsavedReason
{
    /// <summary>A handler, or <c>Terminate</c>, did not end in time.</summary>
    HandlerNotFinished,

    /// <summary>The store did not answer in time.</summary>
    SaveNotFinished,

    /// <summary>The state could not be written, or the store refused it.</summary>
    SaveFailed,

    /// <summary>Another node had claimed the server: what is stored is that node's state.</summary>
    OwnershipLost,
}
