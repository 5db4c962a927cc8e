using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AkkaDurable.Sql.Tests.Databases;
using AkkaDurable.Storage;
using AkkaDurable.TestSupport.Postgres;
using AkkaDurable.TestSupport.Storage;
using Npgsql;

namespace AkkaDurable.Sql.Tests.Storage;

[NeedsPostgres]
[Collection(PostgresCollection.Name)]
public sealed class PostgresStoreTests(PostgresFixture postgres) : SqlStoreContract
{
    private readonly string _prefix = PostgresCollection.NewPrefix();

    protected override SqlStateStoreOptions Options() => PostgresCollection.Options(postgres, _prefix);

    protected override async Task RunSqlAsync(string text) => await ReadSqlAsync(text);

    protected override async Task<string?> ReadSqlAsync(string text)
    {
        await using var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand(text, connection);
        return (await command.ExecuteScalarAsync())?.ToString();
    }

    protected override async Task<IAsyncDisposable> HoldWritersAsync()
    {
        var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand($"BEGIN; LOCK TABLE {Table("servers")} IN EXCLUSIVE MODE", connection);
        await command.ExecuteNonQueryAsync();

        // Closing it ends its transaction.
        return connection;
    }

    protected override Task PoisonAsync() => RunSqlAsync($"ALTER TABLE {Table("servers")} ADD CHECK (server_key <> 'poison' OR revision = 0)");

    protected override string TablesNamed(string table) => $"SELECT COUNT(*) FROM pg_class WHERE relname = '{table}'";

    protected override string Version1Time => "'2026-03-01 12:00:00.250+00'";

    protected override string Version1 =>
        $"""
        CREATE TABLE "{_prefix}schema" (product text NOT NULL, version integer NOT NULL);
        CREATE TABLE "{_prefix}types" (server_type text COLLATE "C" PRIMARY KEY, shard_count integer NOT NULL);
        CREATE TABLE "{_prefix}servers" (
            server_type text COLLATE "C" NOT NULL,
            server_key text COLLATE "C" NOT NULL,
            epoch bigint NOT NULL,
            claim_id bigint NOT NULL,
            revision bigint NOT NULL,
            status smallint NOT NULL,
            owner text NOT NULL,
            state_version integer NOT NULL,
            state text,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            PRIMARY KEY (server_type, server_key)
        ) WITH (fillfactor = 70);
        """;

    [ContractFact]
    public async Task A_server_that_does_not_listen_is_told_without_the_password()
    {
        var failure = await FailureOfAsync($"Host=127.0.0.1;Port={UnusedPort()};Database=shop;Username=shop;Password=hunter2");

        Assert.Contains("127.0.0.1", failure.Message, StringComparison.Ordinal);
        Assert.Contains("shop", failure.Message, StringComparison.Ordinal);
    }

    [ContractFact]
    public async Task A_server_that_does_not_answer_is_told_within_the_time_out()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var watch = Stopwatch.StartNew();

        await FailureOfAsync($"Host=127.0.0.1;Port={((IPEndPoint)silent.LocalEndpoint).Port};Database=shop;Username=shop;Password=hunter2", TimeSpan.FromSeconds(2));

        Assert.InRange(watch.Elapsed.TotalSeconds, 1, 30);
    }

    [ContractFact]
    public async Task A_wrong_password_is_told_without_it()
    {
        var connection = new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Password = "hunter2" };

        var failure = await FailureOfAsync(connection.ConnectionString);

        Assert.Contains("28P01", failure.Message, StringComparison.Ordinal);
    }

    [ContractFact]
    public async Task A_database_that_does_not_exist_is_told()
    {
        var failure = await FailureOfAsync(postgres.Cluster.ConnectionString("nowhere"));

        Assert.Contains("nowhere", failure.Message, StringComparison.Ordinal);
    }

    [ContractFact]
    public async Task A_database_that_cannot_hold_every_character_is_refused()
    {
        const string Latin = "latin";
        await postgres.Cluster.CreateDatabaseAsync(Latin, "--encoding=LATIN1", "--template=template0", "--locale=C");
        var options = Options();
        options.ConnectionString = postgres.Cluster.ConnectionString(Latin);

        var refusal = await Assert.ThrowsAsync<StoreSchemaException>(() => Create(options).PrepareAsync());

        Assert.Contains("LATIN1", refusal.Message, StringComparison.Ordinal);
    }

    [ContractFact]
    public async Task Tables_can_lie_in_a_schema_of_their_own()
    {
        var schema = _prefix + "order";
        await RunSqlAsync($"CREATE SCHEMA {schema}");
        var options = Options();
        options.Schema = schema;
        var (mine, other) = (await OpenAsync(), await OpenAsync(options));

        await ClaimedAsync(mine, "a");

        Assert.Equal(1, (await ClaimedAsync(other, "a")).Token.Epoch);
        Assert.Equal("1", await ReadSqlAsync($"SELECT COUNT(*) FROM {schema}.{Table("servers")}"));
    }

    [ContractFact]
    public async Task A_schema_that_does_not_exist_is_told()
    {
        var options = Options();
        options.Schema = "nowhere";

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => Create(options).PrepareAsync());

        Assert.Contains("nowhere", failure.Message, StringComparison.Ordinal);
    }

    [ContractFact]
    public async Task No_index_holds_what_starts_stops_and_saves_of_servers_change()
    {
        await OpenAsync();

        var indexes = (await ReadSqlAsync($"SELECT string_agg(pg_get_indexdef(indexrelid), ' | ') FROM pg_index WHERE indrelid = '{Table("servers")}'::regclass"))!.Split(" | ");

        Assert.Equal(4, indexes.Length);
        Assert.All(indexes, index => Assert.DoesNotMatch(@"\b(epoch|claim_id|revision|status|owner|state_version|state|updated_at|lease_id|recent_calls|crashes)\b", index));
    }

    [ContractFact]
    public async Task Defaults_of_the_database_do_not_weaken_commits()
    {
        const string Careless = "careless";
        await postgres.Cluster.CreateDatabaseAsync(Careless);
        await postgres.Cluster.RunSqlAsync(Careless, $"ALTER DATABASE {Careless} SET synchronous_commit = off");
        await postgres.Cluster.RunSqlAsync(Careless, $"ALTER DATABASE {Careless} SET default_transaction_isolation = 'serializable'");
        var options = Options();
        options.ConnectionString = postgres.Cluster.ConnectionString(Careless);
        var store = await OpenAsync(options);
        await postgres.Cluster.RunSqlAsync(
            Careless,
            $"""
            CREATE TABLE seen (commits text, isolation text);
            CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $f$
            BEGIN INSERT INTO seen VALUES (current_setting('synchronous_commit'), current_setting('transaction_isolation')); RETURN NEW; END $f$;
            CREATE TRIGGER note BEFORE INSERT OR UPDATE ON {Table("servers")} FOR EACH ROW EXECUTE FUNCTION note();
            """);

        await SaveAsync(store, await ClaimedAsync(store, "a"));

        await using var connection = new NpgsqlConnection(options.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT string_agg(DISTINCT commits || ', ' || isolation, '; ') FROM seen", connection);
        Assert.Equal("on, read committed", await command.ExecuteScalarAsync());
    }

    [ContractFact]
    public async Task A_row_that_somebody_else_has_locked_is_waited_for()
    {
        var store = await OpenAsync();
        var record = await ClaimedAsync(store, "a");
        await using var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand($"BEGIN; UPDATE {Table("servers")} SET status = 5, epoch = 7 WHERE server_key = 'a'", connection);
        await command.ExecuteNonQueryAsync();

        var claim = store.ClaimAsync(new ClaimRequest(record.Id, 99, "node-b", ExplicitStart: true, MaxStateVersion: 1)).AsTask();

        // Until the claim hangs on our lock. The server has no event for that, so it is asked, from outside of the transaction, which would see the same for ever.
        while (await ReadSqlAsync($"SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%{Table("servers")}%'") is null)
        {
            Assert.False(claim.IsCompleted);
        }

        command.CommandText = "COMMIT";
        await command.ExecuteNonQueryAsync();

        // The claim must judge what was committed meanwhile, not what it saw when it began.
        var result = await claim;
        Assert.False(result.Granted);
        Assert.Equal(ServerStatus.Cordoned, result.PreviousStatus);
        Assert.Equal(7, result.Record.Token.Epoch);
    }

    [ContractFact]
    public async Task A_save_whose_commit_fails_is_not_acknowledged()
    {
        var store = await OpenAsync();
        var records = await ClaimedAsync(store, ["a", "poison", "b"]);

        // The statement succeeds; it is the commit that the trigger refuses.
        await RunSqlAsync(
            $"""
            CREATE FUNCTION {Table("refuse")}() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN RAISE EXCEPTION 'not at commit'; END $f$;
            CREATE CONSTRAINT TRIGGER refuse AFTER UPDATE ON {Table("servers")} DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW WHEN (NEW.server_key = 'poison') EXECUTE FUNCTION {Table("refuse")}();
            """);

        Task<SaveOutcome>[] saves = [.. records.Select(record => SaveAsync(store, record))];

        Assert.Contains("not at commit", (await Assert.ThrowsAsync<StoreUnavailableException>(() => saves[1])).Message, StringComparison.Ordinal);
        Assert.Equal(SaveOutcome.Saved, await saves[0]);
        Assert.Equal(SaveOutcome.Saved, await saves[2]);
        Assert.Equal(0, (await store.ReadAsync(records[1].Id))!.Revision);
    }

    [ContractFact]
    public async Task A_state_that_the_database_cannot_hold_fails_alone()
    {
        var options = Options();
        options.Writers = 1;
        var store = await OpenAsync(options);
        var records = await ClaimedAsync(store, Enumerable.Range(0, 100).Select(i => $"key-{i}"));
        Task<SaveOutcome>[] saves;
        await using (await HoldWritersAsync())
        {
            // No UTF-8, and a character that PostgreSQL's text has no room for.
            saves = [.. records.Select((record, i) => store.SaveAsync(new SaveRequest(
                record.Id, record.Token, 0, ServerStatus.Running, 1, i switch { 20 => new byte[] { 0x22, 0xC3, 0x28, 0x22 }, 70 => new byte[] { 0x22, 0, 0x22 }, _ => "1"u8.ToArray() })).AsTask())];
        }

        for (var i = 0; i < saves.Length; i++)
        {
            var failure = await Record.ExceptionAsync(() => saves[i]);
            Assert.True(i is 20 or 70 ? failure is StoreUnavailableException : failure is null && await saves[i] == SaveOutcome.Saved, $"key-{i}: {failure}");
        }
    }

    // The driver prepares a statement at one of its first uses. When just that use failed at binding, the driver took the statement for one without results, and the next use broke the connection.
    [ContractFact]
    public async Task Neighbours_are_saved_whenever_the_first_bad_state_comes()
    {
        for (var before = 0; before < 4; before++)
        {
            var options = Options();
            options.Writers = 1;
            var store = await OpenAsync(options);
            for (var group = 0; group <= before; group++)
            {
                var records = await ClaimedAsync(store, Enumerable.Range(0, 40).Select(i => $"{before}-{group}-{i}"));
                var bad = group == before ? 20 : -1;
                Task<SaveOutcome>[] saves;
                await using (await HoldWritersAsync())
                {
                    saves = [.. records.Select((record, i) => store.SaveAsync(new SaveRequest(
                        record.Id, record.Token, 0, ServerStatus.Running, 1, i == bad ? new byte[] { 0x22, 0xC3, 0x28, 0x22 } : "1"u8.ToArray())).AsTask())];
                }

                for (var i = 0; i < saves.Length; i++)
                {
                    var failure = await Record.ExceptionAsync(() => saves[i]);
                    Assert.True(i == bad ? failure is StoreUnavailableException : failure is null && await saves[i] == SaveOutcome.Saved, $"after {before} groups, {i}: {failure}");
                }
            }
        }
    }

    [ContractFact]
    public async Task A_row_that_somebody_keeps_locked_fails_alone()
    {
        var options = Options();
        options.CommandTimeout = TimeSpan.FromSeconds(3);
        options.Writers = 1;
        var store = await OpenAsync(options);
        var records = await ClaimedAsync(store, Enumerable.Range(0, 60).Select(i => $"key-{i}"));
        await using var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand($"BEGIN; SELECT FROM {Table("servers")} WHERE server_key = 'key-30' FOR UPDATE", connection);
        await command.ExecuteNonQueryAsync();

        var saves = records.Select(record => SaveAsync(store, record)).ToArray();

        Assert.Contains("55P03", (await Assert.ThrowsAsync<StoreUnavailableException>(() => saves[30])).Message, StringComparison.Ordinal);
        Assert.All(await Task.WhenAll(saves.Where((_, i) => i != 30)), outcome => Assert.Equal(SaveOutcome.Saved, outcome));
    }

    [ContractFact]
    public async Task Connections_that_were_cut_are_replaced()
    {
        var store = await OpenAsync();
        var record = await ClaimedAsync(store, "a");
        await ReadSqlAsync("SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'AkkaDurable'");

        // A query may be tried again by the store; a write that was on its way may not, as nobody knows how it ended.
        Assert.Equal(record.Token, (await store.ReadAsync(record.Id))!.Token);
        var failure = await Record.ExceptionAsync(() => SaveAsync(store, record));
        Assert.True(failure is null or StoreUnavailableException, $"{failure}");

        Assert.True((await ClaimedAsync(store, "a")).Token.Epoch > record.Token.Epoch);
    }

    // The commands of saves are used again for each group; what they knew of the old connection must not reach the new one.
    [ContractFact]
    public async Task Saves_go_on_after_the_connection_was_cut_that_had_them_prepared()
    {
        var options = Options();
        options.Writers = 1;
        var store = await OpenAsync(options);
        for (var cut = 0; cut < 3; cut++)
        {
            for (var group = 0; group < 8; group++)
            {
                // One record and several go by different statements.
                Assert.All(await SaveNewAsync(store, group % 2 == 0 ? 1 : 20, $"{cut}-{group}"), outcome => Assert.Equal(SaveOutcome.Saved, outcome));
            }

            await ReadSqlAsync("SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'AkkaDurable'");
            await Record.ExceptionAsync(() => ClaimedAsync(store, $"{cut}-notices"));
        }
    }

    private async Task<SaveOutcome[]> SaveNewAsync(SqlStateStore store, int count, string name)
    {
        var records = await ClaimedAsync(store, Enumerable.Range(0, count).Select(i => $"{name}-{i}"));
        Task<SaveOutcome>[] saves;
        await using (await HoldWritersAsync())
        {
            saves = [.. records.Select(record => SaveAsync(store, record))];
        }

        return await Task.WhenAll(saves);
    }

    private async Task<StoreUnavailableException> FailureOfAsync(string connectionString, TimeSpan? timeout = null)
    {
        var store = Create(new SqlStateStoreOptions { ProviderName = SqlProviderNames.PostgreSql, ConnectionString = connectionString, CommandTimeout = timeout ?? TimeSpan.FromSeconds(10) });
        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => store.PrepareAsync());
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.PingAsync());
        await Assert.ThrowsAsync<StoreUnavailableException>(() => ClaimedAsync(store, "a"));
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
        return failure;
    }

    private static int UnusedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(postgres.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }
}
