using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace AkkaDurable.Placement;

/// <summary>
/// Places the shards of one type by region, history, capacity and app version, holds them back while their owner may return, moves displaced ones home, empties draining nodes and levels skew. For
/// <c>ClusterSharding.StartAsync</c>; needs nothing else of AkkaDurable. It is guarded: no failure of it stops Akka's coordinator.
/// </summary>
/// <remarks>Each node that starts the type makes its own; the coordinator's node uses its one. Moves begin with Akka's <c>rebalance-interval</c>.</remarks>
public sealed class DurableShardAllocationStrategy : IActorSystemDependentAllocationStrategy
{
    /// <summary>Makes the strategy.</summary>
    /// <param name="typeName">The type's name, as given to <c>ClusterSharding.StartAsync</c>.</param>
    /// <param name="options">How to place. Default: all defaults.</param>
    /// <exception cref="ArgumentException">The name is empty, or an option is out of range.</exception>
    public DurableShardAllocationStrategy(string typeName, PlacementOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(typeName);
        TypeName = typeName;
        Options = (options ?? new PlacementOptions()).Validated();
    }

    internal string TypeName { get; }

    internal PlacementOptions Options { get; }

    /// <summary>Called by Akka at each start of the coordinator.</summary>
    /// <param name="system">The actor system.</param>
    public void Start(ActorSystem system) => throw new NotSupportedException();

    /// <summary>Called by Akka to place a shard. Ends when it has a place; a shard that is held back has one task, however often Akka asks.</summary>
    /// <param name="requester">The shard region that asks.</param>
    /// <param name="shardId">The shard.</param>
    /// <param name="currentShardAllocations">All shard regions and their shards.</param>
    /// <returns>The region.</returns>
    public Task<IActorRef> AllocateShard(IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations) => throw new NotSupportedException();

    /// <summary>Called by Akka to have shards moved.</summary>
    /// <param name="currentShardAllocations">All shard regions and their shards.</param>
    /// <param name="rebalanceInProgress">The shards that are moving.</param>
    /// <returns>The shards to move.</returns>
    public Task<IImmutableSet<string>> Rebalance(IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress) => throw new NotSupportedException();
}
