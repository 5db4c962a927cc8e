using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;

namespace AkkaDurable.Placement;

/// <summary>
/// Wraps a shard allocation strategy so that its mistakes cannot harm the cluster. Without it a strategy that throws, or answers with a null or cancelled task or with null, stops the shard coordinator
/// of its type for good (seen with Akka.NET 1.5.73).
/// </summary>
/// <remarks>
/// A bad answer to "where shall this shard go" becomes a failed task: the coordinator logs it and asks again when the shard region does, every <c>akka.cluster.sharding.retry-interval</c>. A bad answer to
/// "what shall move" means that nothing moves this time. A task that takes its time is passed on as it is: that is how a strategy holds a shard back.
/// </remarks>
public sealed class GuardedShardAllocationStrategy : IActorSystemDependentAllocationStrategy
{
    private readonly IShardAllocationStrategy _inner;
    private volatile ILoggingAdapter? _log;

    /// <summary>Wraps a strategy.</summary>
    /// <param name="inner">The strategy.</param>
    public GuardedShardAllocationStrategy(IShardAllocationStrategy inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        _inner = inner;
    }

    /// <summary>Starts the wrapped strategy, if it wants to be started, with or without the actor system. Akka calls it at each start of the coordinator, so a second time too.</summary>
    /// <param name="system">The actor system.</param>
    public void Start(ActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        _log = Logging.GetLogger(system, this);

        // Akka starts a strategy by one of the two interfaces only; the wrapped one may have either.
        Guard(nameof(Start), () => (_inner as IStartableAllocationStrategy)?.Start());
        Guard(nameof(Start), () => (_inner as IActorSystemDependentAllocationStrategy)?.Start(system));
    }

    /// <summary>Asks the wrapped strategy where a shard shall go.</summary>
    /// <param name="requester">The shard region that asks.</param>
    /// <param name="shardId">The shard.</param>
    /// <param name="currentShardAllocations">All shard regions and their shards.</param>
    /// <returns>The region. The task fails, and is never null, cancelled or null-valued, when the strategy misbehaves.</returns>
    public Task<IActorRef> AllocateShard(IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations)
    {
        Task<IActorRef>? answer;
        try
        {
            answer = _inner.AllocateShard(requester, shardId, currentShardAllocations);
        }
        catch (Exception exception)
        {
            return Fail("threw", shardId, exception);
        }

        if (answer is null)
        {
            return Fail("returned a null task", shardId, null);
        }

        return answer.IsCompletedSuccessfully && answer.Result is not null ? answer : Check(answer, shardId);
    }

    /// <summary>Asks the wrapped strategy which shards shall move.</summary>
    /// <param name="currentShardAllocations">All shard regions and their shards.</param>
    /// <param name="rebalanceInProgress">The shards that are moving.</param>
    /// <returns>The shards. None when the strategy misbehaves.</returns>
    public Task<IImmutableSet<string>> Rebalance(IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress)
    {
        Task<IImmutableSet<string>>? answer = null;
        Guard(nameof(Rebalance), () => answer = _inner.Rebalance(currentShardAllocations, rebalanceInProgress));
        if (answer is null)
        {
            return Task.FromResult<IImmutableSet<string>>(ImmutableHashSet<string>.Empty);
        }

        return answer.IsCompletedSuccessfully && answer.Result is not null ? answer : CheckRebalance(answer);
    }

    private static Task<IActorRef> Fail(string how, string shardId, Exception? inner) =>
        Task.FromException<IActorRef>(Failure(how, shardId, inner));

    private static InvalidOperationException Failure(string how, string shardId, Exception? inner) =>
        new($"The shard allocation strategy {how} for shard {shardId}; it will be asked again.", inner);

    private static async Task<IActorRef> Check(Task<IActorRef> answer, string shardId)
    {
        IActorRef? region;
        try
        {
            region = await answer.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            throw Failure(exception is OperationCanceledException ? "cancelled its task" : "failed", shardId, exception);
        }

        return region ?? throw Failure("answered null", shardId, null);
    }

    private async Task<IImmutableSet<string>> CheckRebalance(Task<IImmutableSet<string>> answer)
    {
        try
        {
            if (await answer.ConfigureAwait(false) is { } shards)
            {
                return shards;
            }

            _log?.Error("The shard allocation strategy answered null to Rebalance; nothing moves this time.");
        }
        catch (Exception exception)
        {
            _log?.Error(exception, "The shard allocation strategy failed in Rebalance; nothing moves this time.");
        }

        return ImmutableHashSet<string>.Empty;
    }

    private void Guard(string what, Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception)
        {
            _log?.Error(exception, "The shard allocation strategy threw in {0}.", what);
        }
    }
}
