using Akka.Actor;

namespace AkkaDurable.Internal.Groups.Hub;

/// <summary>The actor around a <see cref="GroupHub"/>.</summary>
internal interface IHubHost
{
    /// <summary>Has a <see cref="Terminated"/> come when the actor ends.</summary>
    void Watch(IActorRef actor);

    void Unwatch(IActorRef actor);

    /// <summary>Looks for a node's hub.</summary>
    void Look(string address);

    /// <summary>Tells another node's hub.</summary>
    void Tell(IActorRef hub, Replication.IHubMessage message);

    /// <summary>Puts a message behind all that waits.</summary>
    void Post(object message);

    /// <summary>An actor by its path.</summary>
    IActorRef Resolve(string path);
}
