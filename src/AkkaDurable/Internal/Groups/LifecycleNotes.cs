using Akka.Actor;

namespace AkkaDurable.Internal.Groups;

/// <summary>How the servers of a node tell its hub what becomes of them. Costs a look at a flag while nobody watches.</summary>
internal sealed class LifecycleNotes
{
    private volatile bool _isWatched;

    /// <summary>Whether anybody watches any server. Set before the hub looks through the running servers, so that a change is either found there or told.</summary>
    public bool IsWatched { get => _isWatched; set => _isWatched = value; }

    /// <summary>The node's hub; nobody where there is no cluster. Set once.</summary>
    public IActorRef Hub { get; set; } = ActorRefs.Nobody;

    public void Tell(object note) => Hub.Tell(note, ActorRefs.NoSender);
}
