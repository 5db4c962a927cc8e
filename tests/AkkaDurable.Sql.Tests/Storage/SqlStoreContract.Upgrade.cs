using System.Text;
using AkkaDurable.Storage;
using AkkaDurable.TestSupport.Storage;

namespace AkkaDurable.Sql.Tests.Storage;

public abstract partial class SqlStoreContract
{
    private const string Newest = "4";

    /// <summary>The statements that made the tables of schema version 1, word by word.</summary>
    protected abstract string Version1 { get; }

    /// <summary>A time as version 1 stored it: 2026-03-01 12:00:00.250 UTC.</summary>
    protected abstract string Version1Time { get; }

    [ContractFact]
    public async Task Tables_of_version_1_are_upgraded_and_their_records_go_on()
    {
        await MakeVersion1Async();

        var store = await OpenAsync();

        Assert.Equal(Newest, await ReadSqlAsync($"SELECT version FROM {Table("schema")}"));
        Assert.Equal(12, await store.RegisterTypeAsync("counter", 99));
        var record = (await store.ReadAsync(new ServerId("counter", "b")))!;
        var time = new DateTimeOffset(2026, 3, 1, 12, 0, 0, 250, TimeSpan.Zero);
        Assert.Equal("""{"n":1}""", Encoding.UTF8.GetString(record.State!.Value.Span));
        Assert.Equal(
            new StoredServer(new ServerId("counter", "b"), new ClaimToken(5, -7), 3, ServerStatus.Running, "node-b", 2, null, time, time),
            record with { State = null });
        Assert.Equal(["a", "b", "c"], (await store.ListAsync(new ServerQuery("counter"))).Select(listed => listed.Id.Key));

        // Whoever claimed under version 1 can go on, be it the owner or another node.
        Assert.Equal(SaveOutcome.Saved, await store.SaveAsync(new SaveRequest(record.Id, record.Token, 3, ServerStatus.Running, 2, Encoding.UTF8.GetBytes("2")) { RecentCalls = new byte[] { 1, 2 } }));
        await store.CreateLeaseAsync(1, "node-c", TimeSpan.FromSeconds(5));
        var claim = await store.ClaimAsync(new ClaimRequest(record.Id, 8, "node-c", ExplicitStart: false, MaxStateVersion: 2) { LeaseId = 1 });
        Assert.True(claim.Granted);
        Assert.Equal(new ClaimToken(6, 8), claim.Record.Token);
        Assert.Equal("0102", Convert.ToHexString(claim.Record.RecentCalls.Span));
        Assert.True((await store.ClaimAsync(new ClaimRequest(record.Id, 9, "node-d", ExplicitStart: false, MaxStateVersion: 2) { LeaseId = 2 })).IsHeld);
    }

    [ContractFact]
    public async Task Stores_that_start_at_the_same_time_on_tables_of_version_1_all_get_going()
    {
        await MakeVersion1Async();
        var stores = Enumerable.Range(0, 6).Select(_ => Create()).ToArray();

        var epochs = await Task.WhenAll(stores.Select((store, i) => Task.Run(async () =>
        {
            await store.PrepareAsync();
            await store.CreateLeaseAsync(i + 1, $"node-{i}", TimeSpan.FromSeconds(5));
            return (await ClaimedAsync(store, "a")).Token.Epoch;
        })));

        Assert.Equal([2, 3, 4, 5, 6, 7], epochs.Order());
        Assert.Equal(stores.Length, (await stores[0].ListLeasesAsync()).Count);
        Assert.Equal($"1 {Newest}", await ReadSqlAsync($"SELECT COUNT(*) || ' ' || MAX(version) FROM {Table("schema")}"));
    }

    [ContractFact]
    public async Task A_store_that_has_just_been_upgraded_by_another_one_is_left_as_it_is()
    {
        await MakeVersion1Async();
        await OpenAsync();
        var record = await ClaimedAsync(await OpenAsync(), "a");

        Assert.Equal(record.Token, (await (await OpenAsync()).ReadAsync(record.Id))!.Token);
    }

    [ContractFact]
    public async Task With_AutoCreate_off_tables_of_version_1_are_told_and_left_alone()
    {
        await MakeVersion1Async();
        var options = Options();
        options.AutoCreate = false;

        var refusal = await Assert.ThrowsAsync<StoreSchemaException>(() => Create(options).PrepareAsync());

        Assert.Contains("schema version 1", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"version {Newest} is needed", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("1", await ReadSqlAsync($"SELECT version FROM {Table("schema")}"));
        Assert.Equal("0", await ReadSqlAsync(TablesNamed(Table("node_leases"))));
    }

    [ContractFact]
    public async Task An_upgrade_that_meets_a_table_of_somebody_else_changes_nothing()
    {
        await MakeVersion1Async();
        await RunSqlAsync($"CREATE TABLE {Table("node_leases")} (name text)");

        var refusal = await Assert.ThrowsAsync<StoreSchemaException>(() => Create().PrepareAsync());

        Assert.Contains(Table("node_leases"), refusal.Message, StringComparison.Ordinal);
        Assert.Equal("1", await ReadSqlAsync($"SELECT version FROM {Table("schema")}"));
    }

    [ContractFact]
    public async Task Tables_of_version_2_get_those_of_Akkas_leases_and_of_placements_and_keep_their_records()
    {
        var record = await ClaimedAsync(await OpenAsync(), "a");
        await TakeVersion4BackAsync();
        await RunSqlAsync($"DROP TABLE {Table("sbr_leases")}");
        await RunSqlAsync($"DROP TABLE {Table("placements")}");
        await RunSqlAsync($"UPDATE {Table("schema")} SET version = 2");

        var store = await OpenAsync();

        Assert.Equal(Newest, await ReadSqlAsync($"SELECT version FROM {Table("schema")}"));
        Assert.Equal("0", await ReadSqlAsync($"SELECT COUNT(*) FROM {Table("sbr_leases")}"));
        Assert.Equal("0", await ReadSqlAsync($"SELECT COUNT(*) FROM {Table("placements")}"));
        Assert.Equal(record.Token, (await store.ReadAsync(record.Id))!.Token);
    }

    [ContractFact]
    public async Task Tables_of_version_3_get_regions_permanence_and_crashes_and_keep_their_records()
    {
        var first = await OpenAsync();
        var running = await ClaimedAsync(first, "a");
        var cordoned = await ClaimedAsync(first, "b");
        await first.SaveAsync(new SaveRequest(cordoned.Id, cordoned.Token, 0, ServerStatus.Cordoned, 1, Encoding.UTF8.GetBytes("2")) { RecentCalls = new byte[] { 1, 2 } });
        await TakeVersion4BackAsync();
        await RunSqlAsync($"UPDATE {Table("schema")} SET version = 3");

        var store = await OpenAsync();

        Assert.Equal(Newest, await ReadSqlAsync($"SELECT version FROM {Table("schema")}"));
        Assert.Equal(running, await store.ReadAsync(running.Id));
        Assert.Equal(cordoned.Id, Assert.Single(await store.ListAsync(new ServerQuery("counter") { Status = ServerStatus.Cordoned })).Id);
        Assert.Equal(2, (await store.ListAsync(new ServerQuery("counter") { IsPermanent = false, Region = "" })).Count);
        Assert.Equal(
            SaveOutcome.Saved,
            await store.SaveAsync(new SaveRequest(running.Id, running.Token, 0, ServerStatus.Running, 1, null) { IsPermanent = true, Crashes = Encoding.UTF8.GetBytes("[]") }));
        Assert.True((await store.ReadAsync(running.Id))!.IsPermanent);
    }

    private async Task TakeVersion4BackAsync()
    {
        foreach (var index in (string[])["permanent", "rare_status", "region"])
        {
            await RunSqlAsync($"DROP INDEX {Table("servers_" + index)}");
        }

        foreach (var column in (string[])["rare_status", "region", "is_permanent", "crashes"])
        {
            await RunSqlAsync($"ALTER TABLE {Table("servers")} DROP COLUMN {column}");
        }
    }

    private async Task MakeVersion1Async()
    {
        await RunSqlAsync(Version1);
        await RunSqlAsync($"INSERT INTO {Table("schema")} (product, version) VALUES ('AkkaDurable', 1)");
        await RunSqlAsync($"INSERT INTO {Table("types")} (server_type, shard_count) VALUES ('counter', 12)");
        await RunSqlAsync(
            $"""
            INSERT INTO {Table("servers")} (server_type, server_key, epoch, claim_id, revision, status, owner, state_version, state, created_at, updated_at) VALUES
                ('counter', 'a', 1, 1, 0, 0, 'node-a', 0, NULL, {Version1Time}, {Version1Time}),
                ('counter', 'b', 5, -7, 3, 0, 'node-b', 2, '{"{"}"n":1{"}"}', {Version1Time}, {Version1Time}),
                ('counter', 'c', 2, 9, 1, 6, 'node-a', 1, 'null', {Version1Time}, {Version1Time})
            """);
    }
}
