namespace AkkaDurable.Supervision;

/// <summary>How a whole type of durable servers is a child of a supervision tree, see <see cref="DurableChild.ServerType"/>.</summary>
public sealed record DurableTypeChildOptions
{
    /// <summary>How long the servers on this node may take to stop: when the child is stopped (it is the spec's <see cref="ChildSpec.Shutdown"/>), and when it has ended by itself. Above zero. Those that take longer go on stopping, but nobody waits for them.</summary>
    /// <value>Default 10 s.</value>
    public TimeSpan StopWithin { get; init; } = TimeSpan.FromSeconds(10);
}
