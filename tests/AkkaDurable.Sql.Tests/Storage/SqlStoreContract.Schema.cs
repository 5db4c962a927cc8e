using AkkaDurable.TestSupport.Storage;

namespace AkkaDurable.Sql.Tests.Storage;

public abstract partial class SqlStoreContract
{
    [ContractFact]
    public async Task A_table_of_somebody_else_is_refused_and_left_alone()
    {
        await RunSqlAsync($"CREATE TABLE {Table("servers")} (id integer, name text)");
        await RunSqlAsync($"INSERT INTO {Table("servers")} (id, name) VALUES (1, 'theirs')");

        var refusal = await Assert.ThrowsAsync<StoreSchemaException>(() => Create().PrepareAsync());

        Assert.Contains(Table("servers"), refusal.Message, StringComparison.Ordinal);
        Assert.Contains("TablePrefix", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("theirs", await ReadSqlAsync($"SELECT name FROM {Table("servers")}"));
        Assert.Equal("0", await ReadSqlAsync(TablesNamed(Table("schema"))));
        Assert.Equal("0", await ReadSqlAsync(TablesNamed(Table("types"))));
    }

    [ContractFact]
    public async Task A_marker_of_another_product_is_refused()
    {
        await RunSqlAsync($"CREATE TABLE {Table("schema")} (product text, version integer)");
        await RunSqlAsync($"INSERT INTO {Table("schema")} (product, version) VALUES ('Theirs', 1)");

        var refusal = await Assert.ThrowsAsync<StoreSchemaException>(() => Create().PrepareAsync());

        Assert.Contains("another product", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("0", await ReadSqlAsync(TablesNamed(Table("servers"))));
    }

    [ContractFact]
    public async Task A_marker_table_without_a_marker_is_refused()
    {
        await RunSqlAsync($"CREATE TABLE {Table("schema")} (product text, version integer)");

        await Assert.ThrowsAsync<StoreSchemaException>(() => Create().PrepareAsync());

        Assert.Equal("0", await ReadSqlAsync(TablesNamed(Table("servers"))));
    }

    [ContractFact]
    public async Task A_table_of_ours_that_lost_a_column_is_refused()
    {
        await OpenAsync();
        await RunSqlAsync($"ALTER TABLE {Table("servers")} DROP COLUMN owner");

        var refusal = await Assert.ThrowsAsync<StoreSchemaException>(() => Create().PrepareAsync());

        Assert.Contains("no column owner", refusal.Message, StringComparison.Ordinal);
    }

    [ContractFact]
    public async Task A_table_of_ours_that_is_gone_is_told()
    {
        await OpenAsync();
        await RunSqlAsync($"DROP TABLE {Table("types")}");

        var refusal = await Assert.ThrowsAsync<StoreSchemaException>(() => Create().PrepareAsync());

        Assert.Contains($"{Table("types")}", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("missing", refusal.Message, StringComparison.Ordinal);
    }

    [ContractFact]
    public async Task A_newer_schema_is_refused_and_left_alone()
    {
        var store = await OpenAsync();
        await SaveAsync(store, await ClaimedAsync(store, "a"), "42");
        await RunSqlAsync($"UPDATE {Table("schema")} SET version = 7");

        var refusal = await Assert.ThrowsAsync<StoreSchemaException>(() => Create().PrepareAsync());

        Assert.Contains("newer version", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("7", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("7", await ReadSqlAsync($"SELECT version FROM {Table("schema")}"));
        Assert.Equal("42", await ReadSqlAsync($"SELECT state FROM {Table("servers")}"));
    }

    [ContractFact]
    public async Task With_AutoCreate_off_missing_tables_are_told_and_not_made()
    {
        var options = Options();
        options.AutoCreate = false;
        await RunSqlAsync("CREATE TABLE unrelated" + Guid.NewGuid().ToString("N") + " (id integer)");

        var refusal = await Assert.ThrowsAsync<StoreSchemaException>(() => Create(options).PrepareAsync());

        Assert.Contains("AutoCreate", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("0", await ReadSqlAsync(TablesNamed(Table("servers"))));
    }

    [ContractFact]
    public async Task With_AutoCreate_off_present_tables_are_used()
    {
        await OpenAsync();
        var options = Options();
        options.AutoCreate = false;

        var store = await OpenAsync(options);

        Assert.Equal(1, (await ClaimedAsync(store, "a")).Token.Epoch);
    }

    [ContractFact]
    public async Task Stores_that_start_at_the_same_time_on_an_empty_database_all_get_going()
    {
        var stores = Enumerable.Range(0, 4).Select(_ => Create()).ToArray();

        var epochs = await Task.WhenAll(stores.Select(store => Task.Run(async () =>
        {
            await store.PrepareAsync();
            await store.RegisterTypeAsync("counter", 10);
            return (await ClaimedAsync(store, "a")).Token.Epoch;
        })));

        Assert.Equal([1, 2, 3, 4], epochs.Order());
        Assert.Equal("1", await ReadSqlAsync($"SELECT COUNT(*) FROM {Table("schema")}"));
    }

    [ContractFact]
    public async Task Other_prefixes_keep_other_records_in_the_same_database()
    {
        var options = Options();
        options.TablePrefix = "other_" + options.TablePrefix;
        var (mine, other) = (await OpenAsync(), await OpenAsync(options));

        await ClaimedAsync(mine, "a");

        Assert.Equal(1, (await ClaimedAsync(other, "a")).Token.Epoch);
    }

    /// <summary>A query that counts the tables of a name.</summary>
    protected abstract string TablesNamed(string table);
}
