using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace AkkaDurable.Placement.Tests;

public sealed class GuardedShardAllocationStrategyTests
{
    private static readonly IImmutableDictionary<IActorRef, IImmutableList<string>> s_nothing = ImmutableDictionary<IActorRef, IImmutableList<string>>.Empty;

    public static TheoryData<string> Misdeeds => ["throw", "null task", "completed null", "completed cancel", "failed", "later null", "later cancel", "later failure"];

    [Theory]
    [MemberData(nameof(Misdeeds))]
    public async Task A_bad_allocation_becomes_a_failed_task_that_names_the_shard(string misdeed)
    {
        var guard = new GuardedShardAllocationStrategy(new Misbehaving(misdeed));
        var answer = guard.AllocateShard(ActorRefs.Nobody, "7", s_nothing);
        Assert.NotNull(answer);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => answer);
        Assert.Contains("for shard 7", error.Message, StringComparison.Ordinal);
        Assert.True(answer.IsFaulted);
        Assert.False(answer.IsCanceled);
    }

    [Theory]
    [MemberData(nameof(Misdeeds))]
    public async Task A_bad_rebalance_moves_nothing(string misdeed)
    {
        var guard = new GuardedShardAllocationStrategy(new Misbehaving(misdeed));
        Assert.Empty(await guard.Rebalance(s_nothing, ImmutableHashSet<string>.Empty));
    }

    [Fact]
    public async Task A_good_answer_passes_unchanged()
    {
        var guard = new GuardedShardAllocationStrategy(new Misbehaving("none"));
        Assert.Same(ActorRefs.Nobody, await guard.AllocateShard(ActorRefs.Nobody, "7", s_nothing));
        Assert.Equal(["1"], await guard.Rebalance(s_nothing, ImmutableHashSet<string>.Empty));
    }

    [Fact]
    public void A_strategy_that_holds_a_shard_back_may_take_its_time()
    {
        var guard = new GuardedShardAllocationStrategy(new Misbehaving("never"));
        Assert.False(guard.AllocateShard(ActorRefs.Nobody, "7", s_nothing).IsCompleted);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_strategy_is_started_by_whichever_interface_it_has(bool withSystem)
    {
        using var system = ActorSystem.Create("guard");
        var withoutSystem = new Startable();
        var dependent = new SystemDependent();
        var guard = new GuardedShardAllocationStrategy(withSystem ? dependent : withoutSystem);
        guard.Start(system);
        Assert.Equal(withSystem ? 0 : 1, withoutSystem.Starts);
        Assert.Equal(withSystem ? 1 : 0, dependent.Starts);
    }

    // Akka 1.5.73 starts a strategy by the first interface it finds; with both on the guard a strategy that needs its system was never started, and threw for each shard.
    [Fact]
    public void No_shard_was_allocated_since_the_wrapped_strategy_was_not_started() =>
        Assert.False(typeof(IStartableAllocationStrategy).IsAssignableFrom(typeof(GuardedShardAllocationStrategy)));

    private class Misbehaving(string misdeed) : IShardAllocationStrategy
    {
        public Task<IActorRef> AllocateShard(IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations) =>
            Answer<IActorRef>(ActorRefs.Nobody);

        public Task<IImmutableSet<string>> Rebalance(IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress) =>
            Answer<IImmutableSet<string>>(ImmutableHashSet.Create("1"));

        private Task<T> Answer<T>(T good)
            where T : class
        {
            return misdeed switch
            {
                "none" => Task.FromResult(good),
                "throw" => throw new NotSupportedException("misdeed"),
                "null task" => null!,
                "completed null" => Task.FromResult<T>(null!),
                "completed cancel" => Task.FromCanceled<T>(new CancellationToken(canceled: true)),
                "failed" => Task.FromException<T>(new NotSupportedException("misdeed")),
                "never" => new TaskCompletionSource<T>().Task,
                _ => Later(),
            };

            async Task<T> Later()
            {
                await Task.Yield();
                return misdeed switch
                {
                    "later null" => null!,
                    "later cancel" => throw new OperationCanceledException(),
                    _ => throw new NotSupportedException("misdeed"),
                };
            }
        }
    }

    private sealed class Startable() : Misbehaving("none"), IStartableAllocationStrategy
    {
        public int Starts { get; private set; }

        public void Start() => Starts++;
    }

    private sealed class SystemDependent() : Misbehaving("none"), IActorSystemDependentAllocationStrategy
    {
        public int Starts { get; private set; }

        public void Start(ActorSystem system) => Starts++;
    }
}
