using Akka.Actor;
using AkkaDurable.Supervision.Internal.Links;

namespace AkkaDurable.Supervision;

/// <summary>One monitor of one actor by another. An actor may have several of the same.</summary>
public sealed class ActorMonitor
{
    internal ActorMonitor(IActorRef watcher, IActorRef target)
    {
        Watcher = watcher;
        Target = target;
        WasRunning = Liveness.IsRunning(target);
    }

    /// <summary>Who is told.</summary>
    public IActorRef Watcher { get; }

    /// <summary>Whose end is told.</summary>
    public IActorRef Target { get; }

    internal bool WasRunning { get; }
}
