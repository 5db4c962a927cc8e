using AkkaDurable.Sql;

namespace AkkaDurable.Sql.Tests;

public sealed class OptionsTests
{
    [Theory]
    [InlineData("SQLite", "Data Source=a.db")]
    [InlineData("SQLite.MS", "Data Source=a.db")]
    [InlineData("sqlite.classic", "Filename=a.db")]
    [InlineData(SqlProviderNames.Sqlite, "Data Source=folder/with spaces/a.db;Mode=ReadWrite")]
    [InlineData("PostgreSQL", "Host=db")]
    [InlineData("PostgreSQL.15", "Host=db;Port=5433;Database=shop;Username=shop;Password=hunter2;Maximum Pool Size=20;Timeout=3")]
    [InlineData("postgresql.9.5", "Server=db")]
    [InlineData(SqlProviderNames.PostgreSql, "Host=db1,db2;Database=shop;Max Auto Prepare=0")]
    public async Task A_sound_configuration_passes_without_touching_a_database(string provider, string connection)
    {
        var options = new SqlStateStoreOptions { ProviderName = provider, ConnectionString = connection };

        options.Validate();

        await using var store = SqlStateStore.Create(options);
        Assert.Equal(0, store.Commits);
    }

    [Theory]
    [InlineData("SqlServer")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("SQLiteX")]
    [InlineData("PostgreSQL15")]
    public void An_unknown_provider_is_refused(string? provider) => Refused("ProviderName", provider ?? "null", options => options.ProviderName = provider!);

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void An_empty_connection_string_is_refused(string text) => Refused("ConnectionString", "(empty)", options => options.ConnectionString = text);

    [Theory]
    [InlineData("SQLite", "Data Source=:memory:")]
    [InlineData("SQLite", "Data Source=x;Mode=Memory;Cache=Shared")]
    [InlineData("SQLite", "Data Source=file:x?mode=memory&cache=shared")]
    [InlineData("SQLite", "Data Source=")]
    [InlineData("SQLite", "Foreign Keys=true")]
    public void A_database_in_memory_is_refused_with_the_store_to_use(string provider, string connection)
    {
        var refusal = Refused("ConnectionString", "a database in memory", options => (options.ProviderName, options.ConnectionString) = (provider, connection));

        Assert.Contains("InMemoryStateStore", refusal.Rule, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SQLite", "Data Source=a.db;Mode=ReadOnly", "Mode=ReadOnly")]
    [InlineData("SQLite", "Data Source=a.db;Cache=Shared", "Cache=Shared")]
    [InlineData("PostgreSQL", "Host=db;Multiplexing=true", "Multiplexing=true")]
    [InlineData("PostgreSQL", "Database=shop;Password=hunter2", "(hidden)")]
    [InlineData("PostgreSQL", "Host=db;Port=hunter2", "(hidden)")]
    [InlineData("PostgreSQL", "hunter2;Host=db", "(hidden)")]
    [InlineData("PostgreSQL", "Host=db;hunter2=x", "(hidden)")]
    [InlineData("PostgreSQL", "Data Source=hunter2.db", "(hidden)")]
    [InlineData("SQLite", "Host=db;Password=hunter2", "(hidden)")]
    [InlineData("SQLite", "Data Source=a.db;Mode=hunter2", "(hidden)")]
    public void A_connection_string_that_cannot_work_is_refused_and_never_shown(string provider, string connection, string value)
    {
        var refusal = Refused("ConnectionString", value, options => (options.ProviderName, options.ConnectionString) = (provider, connection));

        Assert.DoesNotContain("hunter2", refusal.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("Durable_")]
    [InlineData("9_")]
    [InlineData("a b")]
    [InlineData("a\"; DROP TABLE x; --")]
    [InlineData("a\n")]
    [InlineData("ä")]
    [InlineData("a1234567890123456789012345678901234567890")]
    public void A_name_that_is_no_plain_identifier_is_refused(string? name)
    {
        Refused("TablePrefix", name ?? "null", options => options.TablePrefix = name!);
        if (name is not null)
        {
            Refused("Schema", name, options => (options.ProviderName, options.ConnectionString, options.Schema) = ("PostgreSQL", "Host=db", name));
        }
    }

    [Fact]
    public void A_schema_is_refused_where_there_is_none() => Refused("Schema", "shop", options => options.Schema = "shop");

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(17)]
    public void A_number_of_writers_out_of_range_is_refused(int value) => Refused("Writers", $"{value}", options => options.Writers = value);

    [Theory]
    [InlineData(0)]
    [InlineData(1_001)]
    public void A_group_size_out_of_range_is_refused(int value) => Refused("MaxGroupSize", $"{value}", options => options.MaxGroupSize = value);

    [Theory]
    [InlineData(0)]
    [InlineData(int.MinValue)]
    public void A_bound_of_nothing_is_refused(int value) => Refused("MaxWaiting", $"{value}", options => options.MaxWaiting = value);

    [Theory]
    [InlineData("00:00:00")]
    [InlineData("00:00:00.5")]
    [InlineData("00:00:01.5")]
    [InlineData("-00:00:01")]
    [InlineData("00:10:01")]
    public void A_command_time_out_out_of_range_is_refused(string value) => Refused("CommandTimeout", value, options => options.CommandTimeout = TimeSpan.Parse(value));

    [Theory]
    [InlineData("-00:00:01")]
    [InlineData("00:10:01")]
    public void A_busy_time_out_out_of_range_is_refused(string value) => Refused("BusyTimeout", value, options => options.BusyTimeout = TimeSpan.Parse(value));

    [Fact]
    public async Task Options_that_are_changed_after_the_store_was_made_change_nothing()
    {
        var options = new SqlStateStoreOptions { ConnectionString = "Data Source=a.db" };
        await using var store = SqlStateStore.Create(options);

        options.ProviderName = "nonsense";
        options.MaxWaiting = -1;

        var failure = await Record.ExceptionAsync(() => store.ReadAsync(new("counter", "a"), new CancellationToken(canceled: true)).AsTask());
        Assert.IsAssignableFrom<OperationCanceledException>(failure);
    }

    private static DurableConfigurationException Refused(string option, string value, Action<SqlStateStoreOptions> change)
    {
        var options = new SqlStateStoreOptions { ConnectionString = "Data Source=a.db" };
        options.Validate();
        change(options);

        var refusal = Assert.Throws<DurableConfigurationException>(options.Validate);
        Assert.Throws<DurableConfigurationException>(() => SqlStateStore.Create(options));

        Assert.Equal("SqlStateStoreOptions." + option, refusal.Option);
        Assert.Contains(value.TrimEnd('0'), refusal.Value ?? "null", StringComparison.Ordinal);
        Assert.NotEmpty(refusal.Rule);
        return refusal;
    }
}
