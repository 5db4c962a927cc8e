using System.Collections.Immutable;
using Akka.Actor;
using static AkkaDurable.Placement.Tests.Strategy.PlacerFixture;

namespace AkkaDurable.Placement.Tests.Strategy;

/// <summary>Whatever the history does, Akka gets a task that is neither null nor failed nor cancelled, and placement goes on when the history does.</summary>
public sealed class FaultTests
{
    public static TheoryData<string> Faults => ["throw", "null task", "null list", "cancelled", "failed", "never"];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_history_that_misbehaves_when_read_holds_shards_until_it_is_well(string fault)
    {
        var history = new Misbehaving { Fault = fault };
        using var cluster = new PlacerFixture(new PlacementOptions { History = history });
        cluster.Node(A, "eu");
        var place = cluster.Ask("1");
        Assert.False(place.IsCompleted);
        Assert.Empty(cluster.Tick());

        history.Heal();
        await Eventually.TrueAsync(
            () =>
            {
                cluster.Time.Advance(TimeSpan.FromSeconds(1));
                return place.IsCompleted;
            },
            "the shard gets its place");
        Assert.Equal(cluster.Ref(A), await place);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_history_that_misbehaves_when_written_holds_nobody_and_is_written_later(string fault)
    {
        var history = new Misbehaving();
        using var cluster = new PlacerFixture(new PlacementOptions { History = history });
        cluster.Node(A, "eu");
        Assert.Equal(A, await cluster.PlaceAsync("1"));
        await Eventually.TrueAsync(() => history.Inner.LoadAsync("t", default).Result.Count == 1, "the first is written");
        history.Fault = fault;
        Assert.Equal(A, await cluster.PlaceAsync("2"));
        Assert.Equal(A, await cluster.PlaceAsync("3"));
        history.Heal();
        await Eventually.TrueAsync(
            () =>
            {
                cluster.Time.Advance(TimeSpan.FromSeconds(1));
                return history.Inner.LoadAsync("t", default).Result.Count == 3;
            },
            "all are written");
    }

    [Fact]
    public async Task A_strategy_that_was_not_started_fails_its_task_and_does_not_throw()
    {
        var strategy = new DurableShardAllocationStrategy("t");
        await Assert.ThrowsAsync<InvalidOperationException>(() => strategy.AllocateShard(ActorRefs.Nobody, "1", ImmutableDictionary<IActorRef, IImmutableList<string>>.Empty));
        Assert.Empty(await strategy.Rebalance(ImmutableDictionary<IActorRef, IImmutableList<string>>.Empty, ImmutableHashSet<string>.Empty));
    }

    private sealed class Misbehaving : IPlacementHistory
    {
        private readonly TaskCompletionSource _healed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public InMemoryPlacementHistory Inner { get; } = new();

        public volatile string? Fault;

        public void Heal()
        {
            Fault = null;
            _healed.TrySetResult();
        }

        public Task<IReadOnlyList<PlacementRecord>> LoadAsync(string typeName, CancellationToken cancellationToken) =>
            Fault is null ? Inner.LoadAsync(typeName, cancellationToken) : Misbehave<IReadOnlyList<PlacementRecord>>(Fault, () => Inner.LoadAsync(typeName, default));

        public Task RecordAsync(string typeName, IReadOnlyCollection<PlacementRecord> records, CancellationToken cancellationToken) =>
            Fault is null or "null list" ? Inner.RecordAsync(typeName, records, cancellationToken) : Misbehave<bool>(Fault, async () =>
            {
                await Inner.RecordAsync(typeName, records, default);
                return true;
            });

        private Task<T> Misbehave<T>(string fault, Func<Task<T>> late) => fault switch
        {
            "throw" => throw new NotSupportedException("fault"),
            "null task" => null!,
            "null list" => Task.FromResult<T>(default!),
            "cancelled" => Task.FromCanceled<T>(new CancellationToken(canceled: true)),
            "failed" => Task.FromException<T>(new NotSupportedException("fault")),
            _ => _healed.Task.ContinueWith(_ => late(), TaskScheduler.Default).Unwrap(),
        };
    }
}
