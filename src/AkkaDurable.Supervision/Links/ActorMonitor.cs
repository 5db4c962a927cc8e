using Akka.Actor;

namespace AkkaDurable.Supervision;

/// <summary>One monitor of one actor by another. An actor may have several of the same.</summary>
public sealed class ActorMonitor
{
    internal ActorMonitor(IActorRef watcher, IActorRef target)
    {
        Watcher = watcher;
        Target = target;
    }

    /// <summary>Who is told.</summary>
    public IActorRef Watcher { get; }

    /// <summary>Whose end is told.</summary>
    public IActorRef Target { get; }
}
