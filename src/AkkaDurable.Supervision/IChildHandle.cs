using Akka.Actor;

namespace AkkaDurable.Supervision;

/// <summary>A child that is not an actor below its supervisor: what <see cref="ChildSpec.Start"/> starts. Called from one thread at a time.</summary>
/// <remarks><see cref="ChildHandle"/> makes one of functions.</remarks>
public interface IChildHandle
{
    /// <summary>Completes with the reason when it has ended, for whatever cause; faults count as <see cref="ExitReason.Error(Exception)"/>.</summary>
    Task<ExitReason> Exited { get; }

    /// <summary>An actor to send to, if there is one.</summary>
    IActorRef? Actor { get; }

    /// <summary>Asks it to end. Must not block; the end is told by <see cref="Exited"/>.</summary>
    void RequestStop();

    /// <summary>Ends it at once, when it did not end in time or is to be killed. Must not block.</summary>
    void Kill();
}
