namespace AkkaDurable.Supervision.Internal.State;

/// <summary>What happens to a supervisor. A run is one start of one child; runs are numbered.</summary>
internal abstract record SupervisorEvent : Akka.Actor.INoSerializationVerificationNeeded
{
    /// <summary>The supervisor is to start its children.</summary>
    public sealed record Begin : SupervisorEvent;

    /// <summary>A start succeeded.</summary>
    public sealed record Started(long Run) : SupervisorEvent;

    /// <summary>A start had nothing to run.</summary>
    public sealed record Ignored(long Run) : SupervisorEvent;

    /// <summary>A start failed.</summary>
    public sealed record StartFailed(long Run, ExitReason Reason) : SupervisorEvent;

    /// <summary>A child that had started has ended.</summary>
    public sealed record Exited(long Run, ExitReason Reason) : SupervisorEvent;

    /// <summary>A child has run as long as its back-off asks.</summary>
    public sealed record StayedUp(long Run) : SupervisorEvent;

    /// <summary>A restart that was put off is due.</summary>
    public sealed record TryAgain(string Id, long Ticket) : SupervisorEvent;

    /// <summary>The supervisor is to end.</summary>
    public sealed record Stop(ExitReason Reason) : SupervisorEvent;

    /// <summary>Somebody asks for something. <see cref="Token"/> comes back with the answer.</summary>
    public abstract record Request(object Token) : SupervisorEvent;

    /// <summary>Add a child and start it.</summary>
    public sealed record StartChild(object Token, ChildSpec Spec) : Request(Token);

    /// <summary>Stop a child, by id.</summary>
    public sealed record TerminateChild(object Token, string Id) : Request(Token);

    /// <summary>Stop a child, by run.</summary>
    public sealed record TerminateRun(object Token, long Run) : Request(Token);

    /// <summary>Start a child that does not run.</summary>
    public sealed record RestartChild(object Token, string Id) : Request(Token);

    /// <summary>Forget a child that does not run.</summary>
    public sealed record DeleteChild(object Token, string Id) : Request(Token);
}
