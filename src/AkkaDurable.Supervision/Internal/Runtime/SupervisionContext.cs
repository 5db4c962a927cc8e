using Akka.Actor;

namespace AkkaDurable.Supervision.Internal.Runtime;

/// <summary>What all supervisors of a tree share.</summary>
internal sealed class SupervisionContext(ActorSystem system, string treeId, SupervisionOptions options)
{
    private readonly Lock _randomLock = new();

    public ActorSystem System { get; } = system;

    public string TreeId { get; } = treeId;

    /// <summary>Set when a child of an ordered supervisor has started.</summary>
    public ChangeSignal Started { get; } = new();

    public TimeProvider Time { get; } = options.TimeProvider;

    public TimeSpan KillGrace { get; } = options.KillGrace;

    public Props Props(Type actorType, object[] arguments) =>
        options.PropsFactory?.Invoke(System, actorType, arguments) ?? Akka.Actor.Props.Create(actorType, arguments);

    public double NextRandom()
    {
        lock (_randomLock)
        {
            return options.Random.NextDouble();
        }
    }
}
