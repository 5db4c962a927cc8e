using Akka.Actor;
using AkkaDurable.Supervision.Internal.Runtime;

namespace AkkaDurable.Supervision;

/// <summary>What a child's start is given.</summary>
public sealed class ChildStartContext
{
    private readonly SupervisionContext _supervision;

    internal ChildStartContext(SupervisionContext supervision, string id, IActorRef supervisor, CancellationToken cancellation)
    {
        _supervision = supervision;
        Id = id;
        Supervisor = supervisor;
        CancellationToken = cancellation;
    }

    /// <summary>The child's id.</summary>
    public string Id { get; }

    /// <summary>The actor system.</summary>
    public ActorSystem System => _supervision.System;

    /// <summary>The supervisor's actor.</summary>
    public IActorRef Supervisor { get; }

    /// <summary>The tree's clock.</summary>
    public TimeProvider TimeProvider => _supervision.Time;

    /// <summary>Cancelled when the start is not wanted any more.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Props of a class: with the app's services under Akka.Hosting, else by its constructor.</summary>
    /// <param name="actorType">The actor's class.</param>
    /// <param name="arguments">Arguments of the constructor.</param>
    /// <returns>The props.</returns>
    public Props Props(Type actorType, params object[] arguments) => _supervision.Props(actorType, arguments);
}
