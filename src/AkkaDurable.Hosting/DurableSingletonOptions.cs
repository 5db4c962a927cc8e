namespace AkkaDurable.Supervision;

/// <summary>How a cluster singleton is a child of a supervision tree, see <see cref="DurableChild.Singleton(string, Akka.Actor.Props, DurableSingletonOptions)"/>.</summary>
public sealed record DurableSingletonOptions
{
    /// <summary>The role of the nodes that may have it; null: all may. On a node without the role there is nothing to start, and the child is ignored.</summary>
    /// <value>Default null.</value>
    public string? Role { get; init; }

    /// <summary>What the singleton is called in the cluster: the same on all nodes, and no other's. Null: the child's id.</summary>
    /// <value>Default null.</value>
    public string? Name { get; init; }

    /// <summary>Whether the child has started, on the node that has the singleton, only when the singleton has: its <c>PreStart</c> has run, and what that throws fails the start. On the other nodes it has started when it is known that the
    /// singleton is not theirs, which takes until they are members of the cluster.</summary>
    /// <value>Default false: it has started when it is ready to take the singleton.</value>
    public bool WaitsForStart { get; init; }

    /// <summary>The message by which the singleton is asked to end, for one that has something to do first; it then ends by itself. Null: Akka's stop.</summary>
    /// <value>Default null.</value>
    public object? StopMessage { get; init; }
}
