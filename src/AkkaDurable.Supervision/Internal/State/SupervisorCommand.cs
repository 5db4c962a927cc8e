namespace AkkaDurable.Supervision.Internal.State;

/// <summary>What a supervisor's decision is: to be carried out in this order by whoever gave it the event.</summary>
internal abstract record SupervisorCommand
{
    /// <summary>Start a child; answered by started, ignored or failed.</summary>
    public sealed record Start(long Run, ChildSpec Spec) : SupervisorCommand;

    /// <summary>The start is not wanted any more; it is answered all the same.</summary>
    public sealed record CancelStart(long Run) : SupervisorCommand;

    /// <summary>Stop a child that has started; answered by its exit.</summary>
    public sealed record StopRun(long Run, Shutdown Shutdown) : SupervisorCommand;

    /// <summary>Answer a request.</summary>
    public sealed record Reply(object Token, ChildError Error, long Run = 0, ExitReason? Reason = null) : SupervisorCommand;

    /// <summary>Come back with <see cref="SupervisorEvent.TryAgain"/>, behind what waits already.</summary>
    public sealed record TryAgainAfter(string Id, long Ticket, TimeSpan Delay) : SupervisorCommand;

    /// <summary>Come back with <see cref="SupervisorEvent.StayedUp"/>.</summary>
    public sealed record SettleAfter(long Run, TimeSpan Time) : SupervisorCommand;

    /// <summary>Tell the log.</summary>
    public sealed record Report(ReportKind Kind, string Id, ExitReason Reason) : SupervisorCommand;

    /// <summary>All children have started.</summary>
    public sealed record Ready : SupervisorCommand;

    /// <summary>A child did not start, and those before it are stopped again: the supervisor has not started.</summary>
    public sealed record FailStart(ExitReason Reason) : SupervisorCommand;

    /// <summary>All children have ended: so does the supervisor.</summary>
    public sealed record End(ExitReason Reason, bool Escalated) : SupervisorCommand;
}
