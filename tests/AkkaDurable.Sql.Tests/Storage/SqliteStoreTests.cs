using AkkaDurable.Sql.Tests.Databases;
using AkkaDurable.Storage;
using Microsoft.Data.Sqlite;

namespace AkkaDurable.Sql.Tests.Storage;

public sealed class SqliteStoreTests : SqlStoreContract, IDisposable
{
    private readonly SqliteFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override SqlStateStoreOptions Options() => _folder.Options();

    protected override Task RunSqlAsync(string text)
    {
        _folder.Run(text);
        return Task.CompletedTask;
    }

    protected override Task<string?> ReadSqlAsync(string text)
    {
        using var connection = _folder.Open();
        using var command = connection.CreateCommand();
        command.CommandText = text;
        return Task.FromResult(command.ExecuteScalar()?.ToString());
    }

    protected override Task<IAsyncDisposable> HoldWritersAsync() => Task.FromResult<IAsyncDisposable>(HoldLock());

    protected override Task PoisonAsync() => RunSqlAsync(
        $"CREATE TRIGGER refuse BEFORE UPDATE ON {Table("servers")} WHEN NEW.server_key = 'poison' BEGIN SELECT RAISE(ABORT, 'no poison here'); END");

    protected override string TablesNamed(string table) => $"SELECT COUNT(*) FROM sqlite_schema WHERE name = '{table}'";

    protected override string Version1Time => "1772366400250";

    protected override string Version1 =>
        """
        CREATE TABLE "durable_schema" (product TEXT NOT NULL, version INTEGER NOT NULL) STRICT;
        CREATE TABLE "durable_types" (server_type TEXT NOT NULL PRIMARY KEY, shard_count INTEGER NOT NULL) STRICT;
        CREATE TABLE "durable_servers" (
            server_type TEXT NOT NULL,
            server_key TEXT NOT NULL,
            epoch INTEGER NOT NULL,
            claim_id INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            status INTEGER NOT NULL,
            owner TEXT NOT NULL,
            state_version INTEGER NOT NULL,
            state TEXT,
            created_at INTEGER NOT NULL, -- milliseconds since 1970, UTC
            updated_at INTEGER NOT NULL,
            PRIMARY KEY (server_type, server_key)
        ) STRICT;
        """;

    [Fact]
    public async Task A_new_file_has_small_pages_and_one_that_somebody_made_keeps_its_own()
    {
        await ClaimedAsync(await OpenAsync(), "a");
        Assert.Equal("1024", await ReadSqlAsync("PRAGMA page_size"));

        using var own = new SqliteFolder();
        own.Run("PRAGMA page_size = 8192; VACUUM");
        await using (var store = SqlStateStore.Create(own.Options()))
        {
            await store.PrepareAsync();
        }

        using var connection = own.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA page_size";
        Assert.Equal(8192L, command.ExecuteScalar());
    }

    [Fact]
    public async Task A_renewal_goes_ahead_of_the_writes_that_wait()
    {
        var options = Options();
        options.MaxGroupSize = 1;
        options.MaxWaiting = 1_000;
        var store = await OpenAsync(options);
        await store.CreateLeaseAsync(1, "node", TimeSpan.FromSeconds(5));
        var record = await ClaimedAsync(store, "a");
        Task<SaveOutcome>[] saves;
        Task<bool> renewal;
        await using (HoldLock())
        {
            // The writer holds one of them; behind it there is no room for anything else.
            saves = [.. Enumerable.Range(0, 1_001).Select(i => SaveAsync(store, record with { Revision = i }))];
            renewal = store.RenewLeaseAsync(1).AsTask();
        }

        Assert.True(await renewal);
        Assert.InRange(saves.Count(save => !save.IsCompleted), 500, 1_000);
        await Task.WhenAll(saves.Where(save => !save.IsFaulted));
    }

    [Fact]
    public async Task A_record_that_the_database_refuses_takes_no_renewal_with_it()
    {
        var store = await OpenAsync();
        await store.CreateLeaseAsync(1, "node", TimeSpan.FromSeconds(5));
        var records = await ClaimedAsync(store, ["a", "poison", "b"]);
        await PoisonAsync();
        Task<SaveOutcome>[] saves;
        Task<bool> renewal;
        await using (HoldLock())
        {
            saves = [.. records.Select(record => SaveAsync(store, record))];
            renewal = store.RenewLeaseAsync(1).AsTask();
        }

        Assert.True(await renewal);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => saves[1]);
        Assert.Equal(1, Assert.Single(await store.ListLeasesAsync()).Renewals);
    }

    [Fact]
    public async Task A_file_that_was_removed_after_the_start_has_no_leases()
    {
        await (await OpenAsync()).DisposeAsync();
        File.Delete(_folder.File);
        var store = Create();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.CreateLeaseAsync(1, "node", TimeSpan.FromSeconds(5)).AsTask());
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.RenewLeaseAsync(1).AsTask());
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.ListLeasesAsync().AsTask());
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_alone()
    {
        var text = string.Join('\n', Enumerable.Range(0, 200).Select(i => $"line {i} of a letter to somebody"));
        await File.WriteAllTextAsync(_folder.File, text);

        var refusal = await Assert.ThrowsAsync<StoreSchemaException>(() => Create().PrepareAsync());

        Assert.Contains("not an SQLite database", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(_folder.File));
    }

    [Fact]
    public async Task A_database_of_somebody_else_is_not_even_switched_to_a_write_ahead_log()
    {
        _folder.Run("CREATE TABLE durable_servers (id INTEGER)");
        var before = await File.ReadAllBytesAsync(_folder.File);

        await Assert.ThrowsAsync<StoreSchemaException>(() => Create().PrepareAsync());

        Assert.Equal(before, await File.ReadAllBytesAsync(_folder.File));
    }

    [Fact]
    public async Task A_database_in_another_encoding_is_refused()
    {
        _folder.Run("PRAGMA encoding = 'UTF-16le'; CREATE TABLE unrelated (id INTEGER)");

        var refusal = await Assert.ThrowsAsync<StoreSchemaException>(() => Create().PrepareAsync());

        Assert.Contains("UTF-16le", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_does_not_exist_is_told_with_the_path()
    {
        var options = new SqlStateStoreOptions { ConnectionString = $"Data Source={_folder.File}.d/servers.db" };

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => Create(options).PrepareAsync());

        Assert.Contains(".d/servers.db", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_AutoCreate_off_no_file_is_made()
    {
        var options = Options();
        options.AutoCreate = false;

        await Assert.ThrowsAsync<StoreUnavailableException>(() => Create(options).PrepareAsync());

        Assert.False(File.Exists(_folder.File));
    }

    [Fact]
    public async Task Commits_are_on_the_disk_and_the_log_is_written_ahead()
    {
        await OpenAsync();

        Assert.Equal("wal", await ReadSqlAsync("PRAGMA journal_mode"));
    }

    [Fact]
    public async Task After_disposing_no_connection_is_left()
    {
        var store = await OpenAsync();
        await SaveAsync(store, await ClaimedAsync(store, "a"));
        await store.ListAsync(new ServerQuery("counter"));
        Assert.True(File.Exists(_folder.File + "-wal"));

        await store.DisposeAsync();

        // The last connection takes the log with it when it closes.
        Assert.Equal([_folder.File], Directory.GetFiles(Path.GetDirectoryName(_folder.File)!));
    }

    [Fact]
    public async Task A_lock_that_is_held_for_too_long_is_told_and_the_next_write_gets_through()
    {
        var options = Options();
        options.BusyTimeout = TimeSpan.FromMilliseconds(200);
        var store = await OpenAsync(options);
        var record = await ClaimedAsync(store, "a");
        await using (HoldLock())
        {
            var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => SaveAsync(store, record));

            Assert.Contains("locked", failure.Message, StringComparison.Ordinal);
            Assert.Equal(5, Assert.IsType<SqliteException>(failure.InnerException).SqliteErrorCode);
        }

        Assert.Equal(SaveOutcome.Saved, await SaveAsync(store, record));
    }

    [Fact]
    public async Task A_table_that_vanishes_is_told_and_the_store_goes_on_when_it_is_back()
    {
        var store = await OpenAsync();
        var record = await ClaimedAsync(store, "a");
        await RunSqlAsync($"ALTER TABLE {Table("servers")} RENAME TO away");

        await Assert.ThrowsAsync<StoreUnavailableException>(() => SaveAsync(store, record));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.ReadAsync(record.Id).AsTask());

        await RunSqlAsync($"ALTER TABLE away RENAME TO {Table("servers")}");
        Assert.Equal(SaveOutcome.Saved, await SaveAsync(store, record));
        Assert.Equal(1, (await store.ReadAsync(record.Id))!.Revision);
    }

    [Fact]
    public async Task A_file_that_was_removed_is_not_made_again_as_an_empty_one()
    {
        await (await OpenAsync()).DisposeAsync();
        File.Delete(_folder.File);
        var store = Create();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.PingAsync());
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.RegisterTypeAsync("counter", 10));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => ClaimedAsync(store, "a"));

        Assert.False(File.Exists(_folder.File));
    }

    [Fact]
    public async Task Busy_stores_on_one_file_all_get_their_turn()
    {
        const int Total = 12_000;
        SqlStateStore[] stores = [await OpenAsync(), await OpenAsync(), await OpenAsync()];
        var saved = new int[stores.Length];
        await Task.WhenAll(Enumerable.Range(0, 12 * stores.Length).Select(worker => Task.Run(async () =>
        {
            var mine = worker % stores.Length;
            var record = await ClaimedAsync(stores[mine], $"key-{worker}");
            while (saved.Sum() < Total)
            {
                Assert.Equal(SaveOutcome.Saved, await SaveAsync(stores[mine], record));
                record = record with { Revision = record.Revision + 1 };
                Interlocked.Increment(ref saved[mine]);
            }
        })));

        Assert.All(saved, count => Assert.True(count > Total / 10, $"saves by store: {string.Join(", ", saved)}"));
    }

    private HeldLock HoldLock() => new(_folder);

    private sealed class HeldLock : IAsyncDisposable
    {
        private readonly SqliteConnection _connection;

        public HeldLock(SqliteFolder folder)
        {
            _connection = folder.Open();
            SqliteFolder.Run(_connection, "BEGIN IMMEDIATE");
        }

        public ValueTask DisposeAsync()
        {
            SqliteFolder.Run(_connection, "ROLLBACK");
            return _connection.DisposeAsync();
        }
    }
}
