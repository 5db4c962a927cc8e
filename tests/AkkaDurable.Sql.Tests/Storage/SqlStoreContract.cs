using System.Text;
using AkkaDurable.Storage;
using AkkaDurable.TestSupport.Storage;

namespace AkkaDurable.Sql.Tests.Storage;

/// <summary>What the SQL store does on every kind of database, beyond what every store does.</summary>
public abstract partial class SqlStoreContract : IAsyncLifetime
{
    private readonly List<SqlStateStore> _opened = [];
    private long _lastClaim;

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public virtual async Task DisposeAsync()
    {
        foreach (var store in _opened)
        {
            await store.DisposeAsync();
        }
    }

    /// <summary>Options for the database of this test.</summary>
    protected abstract SqlStateStoreOptions Options();

    /// <summary>Runs statements beside the store.</summary>
    protected abstract Task RunSqlAsync(string text);

    /// <summary>Reads one value beside the store.</summary>
    protected abstract Task<string?> ReadSqlAsync(string text);

    /// <summary>Keeps all writers waiting until it is disposed; reading goes on.</summary>
    protected abstract Task<IAsyncDisposable> HoldWritersAsync();

    /// <summary>Makes the database refuse to save the record with the key <c>poison</c>.</summary>
    protected abstract Task PoisonAsync();

    protected string Table(string name) => Options().TablePrefix + name;

    protected SqlStateStore Create(SqlStateStoreOptions? options = null)
    {
        var store = SqlStateStore.Create(options ?? Options());
        _opened.Add(store);
        return store;
    }

    protected async Task<SqlStateStore> OpenAsync(SqlStateStoreOptions? options = null)
    {
        var store = Create(options);
        await store.PrepareAsync();
        return store;
    }

    protected async Task<StoredServer> ClaimedAsync(IStateStore store, string key) =>
        (await store.ClaimAsync(new ClaimRequest(new ServerId("counter", key), Interlocked.Increment(ref _lastClaim), "node", ExplicitStart: true, MaxStateVersion: 1))).Record;

    protected static Task<SaveOutcome> SaveAsync(IStateStore store, StoredServer record, string state = "1", CancellationToken cancellationToken = default) =>
        store.SaveAsync(new SaveRequest(record.Id, record.Token, record.Revision, ServerStatus.Running, 1, Encoding.UTF8.GetBytes(state)), cancellationToken).AsTask();

    protected async Task<StoredServer[]> ClaimedAsync(IStateStore store, IEnumerable<string> keys) => await Task.WhenAll(keys.Select(key => ClaimedAsync(store, key)));

    [ContractFact]
    public async Task A_state_is_stored_as_text_that_people_can_read()
    {
        var store = await OpenAsync();

        await SaveAsync(store, await ClaimedAsync(store, "a"), """{"name":"Zoë","count":3}""");

        Assert.Equal("""{"name":"Zoë","count":3}""", await ReadSqlAsync($"SELECT state FROM {Table("servers")} WHERE server_key = 'a'"));
    }

    [ContractFact]
    public async Task Saves_that_wait_together_share_a_commit()
    {
        var store = await OpenAsync();
        var records = await ClaimedAsync(store, Enumerable.Range(0, 500).Select(i => $"key-{i}"));
        var before = store.Commits;
        Task<SaveOutcome>[] saves;
        await using (await HoldWritersAsync())
        {
            saves = [.. records.Select(record => SaveAsync(store, record))];
        }

        Assert.All(await Task.WhenAll(saves), outcome => Assert.Equal(SaveOutcome.Saved, outcome));

        // Each writer has what it had taken before the others came, and the rest in groups of up to 256.
        Assert.InRange(store.Commits - before, 2, 9);
    }

    [ContractFact]
    public async Task A_record_that_the_database_refuses_fails_alone()
    {
        var store = await OpenAsync();
        var records = await ClaimedAsync(store, Enumerable.Range(0, 300).Select(i => i == 150 ? "poison" : $"key-{i}"));
        await PoisonAsync();
        Task<SaveOutcome>[] saves;
        await using (await HoldWritersAsync())
        {
            saves = [.. records.Select(record => SaveAsync(store, record))];
        }

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => saves[150]);
        Assert.Contains("not written", failure.Message, StringComparison.Ordinal);
        for (var i = 0; i < saves.Length; i++)
        {
            Assert.True(i == 150 || await saves[i] == SaveOutcome.Saved, $"key-{i} did not get through");
            Assert.Equal(i == 150 ? 0 : 1, (await store.ReadAsync(records[i].Id))!.Revision);
        }
    }

    [ContractFact]
    public async Task A_write_whose_caller_gave_up_before_it_was_sent_is_dropped()
    {
        var options = Options();
        options.MaxGroupSize = 1;
        var store = await OpenAsync(options);
        var record = await ClaimedAsync(store, "a");
        using var patience = new CancellationTokenSource();
        Task<SaveOutcome> first, second, third;
        await using (await HoldWritersAsync())
        {
            first = SaveAsync(store, record, "1");
            second = SaveAsync(store, record with { Revision = 1 }, "2", patience.Token);
            third = SaveAsync(store, record with { Revision = 1 }, "3");
            await patience.CancelAsync();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
            Assert.False(first.IsCompleted);
        }

        Assert.Equal(SaveOutcome.Saved, await first);
        Assert.Equal(SaveOutcome.Saved, await third);
    }

    [ContractFact]
    public async Task When_too_many_writes_wait_the_next_one_fails_at_once()
    {
        var options = Options();
        options.MaxGroupSize = 1;
        options.MaxWaiting = 5;
        var store = await OpenAsync(options);
        var record = await ClaimedAsync(store, "a");
        Task<SaveOutcome>[] saves;
        await using (await HoldWritersAsync())
        {
            saves = [.. Enumerable.Range(0, 20).Select(i => SaveAsync(store, record with { Revision = i }))];

            // Five wait, and the writer may or may not have taken another one.
            var refused = saves.Where(save => save.IsFaulted).ToArray();
            Assert.InRange(refused.Length, 14, 15);
            Assert.All(refused, save =>
            {
                var failure = Assert.IsType<StoreUnavailableException>(save.Exception!.InnerException);
                Assert.Contains("MaxWaiting", failure.Message, StringComparison.Ordinal);
                Assert.True(failure.IsOverloaded);
                Assert.Equal(CallOutcome.NotApplied, failure.Outcome);
            });
        }

        // Those that were taken get an answer, and there is room again.
        var taken = await Task.WhenAll(saves.Where(save => !save.IsFaulted));
        Assert.Equal(SaveOutcome.Saved, taken[0]);
        Assert.Equal(SaveOutcome.Conflict, await SaveAsync(store, record));
    }

    [ContractFact]
    public async Task Disposing_writes_what_waits_and_then_takes_nothing_more()
    {
        var store = await OpenAsync();
        var records = await ClaimedAsync(store, Enumerable.Range(0, 100).Select(i => $"key-{i}"));
        Task<SaveOutcome>[] saves;
        Task disposing;
        await using (await HoldWritersAsync())
        {
            saves = [.. records.Select(record => SaveAsync(store, record))];
            disposing = store.DisposeAsync().AsTask();

            var late = await Assert.ThrowsAsync<StoreUnavailableException>(() => SaveAsync(store, records[0]));
            Assert.Contains("closed", late.Message, StringComparison.Ordinal);
            Assert.False(disposing.IsCompleted);
        }

        await disposing;
        Assert.All(await Task.WhenAll(saves), outcome => Assert.Equal(SaveOutcome.Saved, outcome));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.ReadAsync(records[0].Id).AsTask());
        await store.DisposeAsync();
    }

    [ContractFact]
    public async Task Reading_goes_on_while_writers_wait()
    {
        var store = await OpenAsync();
        var record = await ClaimedAsync(store, "a");
        await using (await HoldWritersAsync())
        {
            var save = SaveAsync(store, record);

            Assert.Equal(0, (await store.ReadAsync(record.Id))!.Revision);
            Assert.Single(await store.ListAsync(new ServerQuery("counter")));
            await store.PingAsync();
            Assert.False(save.IsCompleted);
        }
    }
}
