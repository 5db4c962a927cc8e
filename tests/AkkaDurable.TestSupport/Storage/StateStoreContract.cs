using System.Text;
using AkkaDurable.Storage;

namespace AkkaDurable.TestSupport.Storage;

/// <summary>
/// What every <see cref="IStateStore"/> must do. Derive a class and say how to open a store; each test gets a database of its own and may open it several times.
/// </summary>
public abstract partial class StateStoreContract : IAsyncLifetime
{
    /// <summary>The type that most tests use.</summary>
    protected const string Counter = "counter";

    private readonly List<IStateStore> _opened = [];
    private long _lastClaim;

    /// <summary>The clock of all stores of the test.</summary>
    protected StoppedClock Clock { get; } = new();

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public virtual async Task DisposeAsync()
    {
        foreach (var store in _opened)
        {
            await store.DisposeAsync();
        }
    }

    /// <summary>Opens one more store over the database of this test.</summary>
    protected abstract IStateStore Open(TimeProvider clock);

    /// <summary>Opens one more store over the database of this test and prepares it.</summary>
    protected async Task<IStateStore> OpenAsync()
    {
        var store = Open(Clock);
        _opened.Add(store);
        await store.PrepareAsync();
        return store;
    }

    protected static ServerId Id(string key, string type = Counter) => new(type, key);

    // Not byte[]: a null of that type becomes an empty state on its way to ReadOnlyMemory<byte>?, not none.
    protected static ReadOnlyMemory<byte> Json(string text) => Encoding.UTF8.GetBytes(text);

    protected static string? Text(StoredServer? record) => record?.State is { } state ? Encoding.UTF8.GetString(state.Span) : null;

    protected static string Calls(StoredServer record) => Convert.ToHexString(record.RecentCalls.Span);

    protected static string Crashes(StoredServer record) => Encoding.UTF8.GetString(record.Crashes.Span);

    /// <summary>A claim with a number of its own that is allowed everything.</summary>
    protected ClaimRequest NewClaim(ServerId id, string owner = "node-a") => new(id, Interlocked.Increment(ref _lastClaim), owner, ExplicitStart: true, MaxStateVersion: int.MaxValue);

    /// <summary>Claims a record, which must be granted.</summary>
    protected async Task<StoredServer> ClaimedAsync(IStateStore store, ServerId id, string owner = "node-a")
    {
        var result = await store.ClaimAsync(NewClaim(id, owner));
        Assert.True(result.Granted, $"the claim of {id} was refused: {result.Record}");
        return result.Record;
    }

    protected static SaveRequest Change(StoredServer record, string? state, ServerStatus status = ServerStatus.Running, int version = 1) =>
        new(record.Id, record.Token, record.Revision, status, version, state is null ? (ReadOnlyMemory<byte>?)null : Json(state));

    /// <summary>Saves over a record, which must succeed, and returns what is stored then.</summary>
    protected static async Task<StoredServer> SavedAsync(IStateStore store, StoredServer record, string? state, ServerStatus status = ServerStatus.Running, int version = 1)
    {
        Assert.Equal(SaveOutcome.Saved, await store.SaveAsync(Change(record, state, status, version)));
        return Assert.IsType<StoredServer>(await store.ReadAsync(record.Id));
    }

    /// <summary>Compares all that a record holds; the state by its bytes.</summary>
    protected static void AssertSame(StoredServer expected, StoredServer? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(Text(expected), Text(actual));
        Assert.Equal(Calls(expected), Calls(actual));
        Assert.Equal(Crashes(expected), Crashes(actual));
        Assert.Equal(expected with { State = null, RecentCalls = default, Crashes = default }, actual with { State = null, RecentCalls = default, Crashes = default });
    }

    [ContractFact]
    public async Task Preparing_again_keeps_everything()
    {
        var store = await OpenAsync();
        var record = await SavedAsync(store, await ClaimedAsync(store, Id("a")), """{"n":1}""");

        await store.PrepareAsync();

        AssertSame(record, await store.ReadAsync(Id("a")));
    }

    [ContractFact]
    public async Task A_prepared_store_answers_a_ping()
    {
        var store = await OpenAsync();

        await store.PingAsync();
    }

    [ContractFact]
    public async Task Opening_again_keeps_everything()
    {
        var first = await OpenAsync();
        var record = await SavedAsync(first, await ClaimedAsync(first, Id("a")), """{"n":1}""", ServerStatus.StoppedGraceful, version: 3);
        Assert.Equal(64, await first.RegisterTypeAsync(Counter, 64));
        await first.DisposeAsync();

        var second = await OpenAsync();

        AssertSame(record, await second.ReadAsync(Id("a")));
        Assert.Equal(64, await second.RegisterTypeAsync(Counter, 128));
    }

    [ContractFact]
    public async Task Two_stores_over_one_database_see_each_other()
    {
        var first = await OpenAsync();
        var second = await OpenAsync();

        var mine = await SavedAsync(first, await ClaimedAsync(first, Id("a"), "node-a"), """{"n":1}""");
        AssertSame(mine, await second.ReadAsync(Id("a")));

        var theirs = await SavedAsync(second, await ClaimedAsync(second, Id("a"), "node-b"), """{"n":2}""");
        AssertSame(theirs, await first.ReadAsync(Id("a")));
        Assert.Equal(SaveOutcome.Conflict, await first.SaveAsync(Change(mine, """{"n":3}""")));
    }

    [ContractFact]
    public async Task The_first_shard_count_of_a_type_stays()
    {
        var store = await OpenAsync();

        Assert.Equal(100, await store.RegisterTypeAsync(Counter, 100));
        Assert.Equal(100, await store.RegisterTypeAsync(Counter, 50));
        Assert.Equal(7, await store.RegisterTypeAsync("other", 7));
        Assert.Equal(9, await store.RegisterTypeAsync("COUNTER", 9));
    }

    [ContractFact]
    public async Task Nodes_that_register_a_type_at_the_same_time_get_the_same_shard_count()
    {
        IStateStore[] stores = [await OpenAsync(), await OpenAsync(), await OpenAsync()];
        for (var round = 0; round < 5; round++)
        {
            var type = $"type-{round}";
            var counts = await Together(24, i => stores[i % stores.Length].RegisterTypeAsync(type, i + 1));

            Assert.InRange(Assert.Single(counts.Distinct()), 1, 24);
        }
    }

    [ContractFact]
    public async Task A_caller_who_gave_up_before_changes_nothing()
    {
        var store = await OpenAsync();
        var record = await ClaimedAsync(store, Id("a"));
        var gone = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.ClaimAsync(NewClaim(Id("a")), gone));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.SaveAsync(Change(record, "1"), gone));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.DeleteAsync(record.Id, record.Token, gone));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.ReadAsync(record.Id, gone));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.ListAsync(new ServerQuery(Counter), gone));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.ListOrphansAsync(new OrphanQuery(Counter), gone));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.CountAsync(new ServerQuery(Counter), gone));

        AssertSame(record, await store.ReadAsync(Id("a")));
    }

    /// <summary>Starts operations from many threads at the same moment.</summary>
    protected static async Task<T[]> Together<T>(int count, Func<int, Task<T>> operation)
    {
        using var start = new Barrier(Math.Min(count, 4));
        var threads = Enumerable.Range(0, start.ParticipantCount).Select(thread => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return Enumerable.Range(0, count).Where(i => i % start.ParticipantCount == thread).Select(i => (Index: i, Task: operation(i))).ToList();
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default));
        var started = (await Task.WhenAll(threads)).SelectMany(list => list).OrderBy(entry => entry.Index);
        return await Task.WhenAll(started.Select(entry => entry.Task));
    }
}
