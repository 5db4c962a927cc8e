namespace AkkaDurable.Placement;

/// <summary>Placement as operators see and steer it, from any node of the cluster. Safe for concurrent use.</summary>
/// <remarks>
/// Drains, cordons and moves under way are known to each node, so they outlive the coordinator. They are not stored: they end with the cluster, and those of a node with its incarnation, so that a node that was
/// drained and restarted takes shards again.
/// </remarks>
public interface IPlacementControl
{
    /// <summary>Where this node is.</summary>
    NodeLocation Location { get; }

    /// <summary>The nodes of the cluster, by address.</summary>
    IReadOnlyList<NodeInfo> Nodes { get; }

    /// <summary>Moves a shard. Ends when it runs on its new node, or cannot be moved.</summary>
    /// <param name="typeName">The type's name.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="targetNode">The address of the node that is to run it. Default: the best other node of its policy, preferably in its home region.</param>
    /// <param name="cancellationToken">Gives up waiting; the move stays in force.</param>
    /// <returns>What became of it; <see cref="PlacementCommandOutcome.Pending"/> after a minute.</returns>
    Task<PlacementCommandResult> RehomeAsync(string typeName, string shard, string? targetNode = null, CancellationToken cancellationToken = default);

    /// <summary>Has a node give all its shards away and take none. It stays a member.</summary>
    /// <param name="node">The node's address.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it is draining now. It is empty when <see cref="ShardsLeftOn"/> says so.</returns>
    Task<PlacementCommandResult> DrainAsync(string node, CancellationToken cancellationToken = default);

    /// <summary>Ends a drain.</summary>
    /// <param name="node">The node's address.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it takes shards now.</returns>
    Task<PlacementCommandResult> UndrainAsync(string node, CancellationToken cancellationToken = default);

    /// <summary>Has a node take no further shards. It keeps what it has.</summary>
    /// <param name="node">The node's address.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it is cordoned now.</returns>
    Task<PlacementCommandResult> CordonAsync(string node, CancellationToken cancellationToken = default);

    /// <summary>Ends a cordon.</summary>
    /// <param name="node">The node's address.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it takes shards now.</returns>
    Task<PlacementCommandResult> UncordonAsync(string node, CancellationToken cancellationToken = default);

    /// <summary>How many shards a node still has, by type, as the coordinators said last. Only for nodes that are draining.</summary>
    /// <param name="node">The node's address.</param>
    /// <returns>The counts; a type without an entry was not looked at yet.</returns>
    IReadOnlyDictionary<string, int> ShardsLeftOn(string node);

    /// <summary>Where a shard is, would go or waits for, and why. Asks the type's coordinator.</summary>
    /// <param name="typeName">The type's name.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The decision; null if no coordinator of the type answered within five seconds.</returns>
    Task<PlacementDecision?> ExplainAsync(string typeName, string shard, CancellationToken cancellationToken = default);

    /// <summary>Why calls to a shard are to fail at once. A look-up in memory.</summary>
    /// <param name="typeName">The type's name.</param>
    /// <param name="shard">The shard.</param>
    /// <returns>The hold, or null if there is none.</returns>
    PlacementHold? HoldOf(string typeName, string shard);

    /// <summary>Has an action run for each shard that is held from now on, on a thread of the actor system; it must not block.</summary>
    /// <param name="typeName">The type's name.</param>
    /// <param name="held">The action. It runs again, about once a second, while somebody asks for the shard.</param>
    /// <param name="placed">Runs for each shard that has its place now. Default: nothing.</param>
    /// <returns>Ends it.</returns>
    IDisposable OnHeld(string typeName, Action<PlacementHold> held, Action<string>? placed = null);
}
