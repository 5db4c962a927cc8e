using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Event;
using AkkaDurable.Placement.Internal.Strategy;
using AkkaDurable.Placement.Internal.Telemetry;

namespace AkkaDurable.Placement;

/// <summary>
/// Places the shards of one type by region, history, capacity and app version, holds them back while their owner may return, moves displaced ones home, empties draining nodes and levels skew. For
/// <c>ClusterSharding.StartAsync</c>; needs nothing else of AkkaDurable. It is guarded: no failure of it stops Akka's coordinator. Safe for concurrent use.
/// </summary>
/// <remarks>Each node that starts the type makes its own; the coordinator's node uses its one. Moves begin with Akka's <c>rebalance-interval</c>.</remarks>
public sealed class DurableShardAllocationStrategy : IActorSystemDependentAllocationStrategy
{
    private readonly string _typeName;
    private readonly PlacementOptions _options;
    private readonly GuardedShardAllocationStrategy _guarded;

    /// <summary>Makes the strategy.</summary>
    /// <param name="typeName">The type's name, as given to <c>ClusterSharding.StartAsync</c>.</param>
    /// <param name="options">How to place. Default: all defaults.</param>
    /// <exception cref="ArgumentException">The name is empty, or an option is out of range.</exception>
    public DurableShardAllocationStrategy(string typeName, PlacementOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(typeName);
        _typeName = typeName;
        _options = (options ?? new PlacementOptions()).Validated();
        _options.History ??= new InMemoryPlacementHistory();
        _guarded = new GuardedShardAllocationStrategy(new Unguarded(this));
    }

    /// <summary>Called by Akka at each start of the coordinator.</summary>
    /// <param name="system">The actor system.</param>
    public void Start(ActorSystem system) => _guarded.Start(system);

    /// <summary>Called by Akka to place a shard. Ends when it has a place; a shard that is held back has one task, however often Akka asks.</summary>
    /// <param name="requester">The shard region that asks.</param>
    /// <param name="shardId">The shard.</param>
    /// <param name="currentShardAllocations">All shard regions and their shards.</param>
    /// <returns>The region.</returns>
    public Task<IActorRef> AllocateShard(IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations) =>
        _guarded.AllocateShard(requester, shardId, currentShardAllocations);

    /// <summary>Called by Akka to have shards moved.</summary>
    /// <param name="currentShardAllocations">All shard regions and their shards.</param>
    /// <param name="rebalanceInProgress">The shards that are moving.</param>
    /// <returns>The shards to move.</returns>
    public Task<IImmutableSet<string>> Rebalance(IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress) =>
        _guarded.Rebalance(currentShardAllocations, rebalanceInProgress);

    private sealed class Unguarded(DurableShardAllocationStrategy outer) : IActorSystemDependentAllocationStrategy
    {
        private ShardPlacer? _placer;

        // A new coordinator knows nothing, and must not be told what an old one held or had in flight.
        public void Start(ActorSystem system)
        {
            var cluster = Cluster.Get(system);
            var self = cluster.SelfAddress.ToString();
            var log = Logging.GetLogger(system, outer);
            var control = PlacementControl.Get(system);
            var placer = new ShardPlacer(
                outer._typeName, outer._options, control.Board, region => region.Path.Address.HasLocalScope ? self : region.Path.Address.ToString(), decision => Note(log, decision), (text, exception) => log.Warning(exception, text));
            Volatile.Write(ref _placer, placer);
            control.Coordinate(outer._typeName, placer);
        }

        public Task<IActorRef> AllocateShard(IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations) =>
            Placer.Allocate(requester, shardId, currentShardAllocations);

        public Task<IImmutableSet<string>> Rebalance(IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress) =>
            Task.FromResult(Placer.Rebalance(currentShardAllocations, rebalanceInProgress));

        private ShardPlacer Placer => Volatile.Read(ref _placer) ?? throw new InvalidOperationException("The strategy was not started.");

        private void Note(ILoggingAdapter log, PlacementDecision decision)
        {
            PlacementMetrics.Note(outer._typeName, decision);
            if (decision.Outcome != PlacementOutcome.Place || decision.Reason is PlacementReason.Move or PlacementReason.Operator or PlacementReason.Fallback)
            {
                log.Info("{0} shard {1} {2}", outer._typeName, decision.Shard, decision.Text);
            }
            else
            {
                log.Debug("{0} shard {1} {2}", outer._typeName, decision.Shard, decision.Text);
            }
        }
    }
}
