namespace AkkaDurable.Supervision.Internal.Runtime;

/// <summary>What a supervisor's actor is told about a run of a child.</summary>
internal abstract record RunMessage(long Run) : Akka.Actor.INoSerializationVerificationNeeded
{
    /// <summary>A supervisor below has started its children.</summary>
    public sealed record Up(long Run) : RunMessage(Run);

    /// <summary>A supervisor below has ended, but its actor cannot yet: some child of it hangs.</summary>
    public sealed record Down(long Run, ExitReason Reason) : RunMessage(Run);

    /// <summary>The start of a handle is over.</summary>
    public sealed record HandleStarted(long Run, ChildStart Start) : RunMessage(Run);

    /// <summary>A handle has ended.</summary>
    public sealed record HandleExited(long Run, ExitReason Reason) : RunMessage(Run);

    /// <summary>It did not end in time: it is killed.</summary>
    public sealed record KillDue(long Run) : RunMessage(Run);

    /// <summary>It was killed and did not end either: it is left behind.</summary>
    public sealed record AbandonDue(long Run) : RunMessage(Run);
}
