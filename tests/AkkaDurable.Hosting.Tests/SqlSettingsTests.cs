using AkkaDurable.Hosting.Internal.Configuration;
using AkkaDurable.Sql;

namespace AkkaDurable.Hosting.Tests;

public sealed class SqlSettingsTests
{
    private const string Section = "AkkaDurable:Sql";
    private const string DefaultFile = "shop.durable.db";

    [Fact]
    public void Each_option_is_read()
    {
        var options = Read(
            ("ConnectionString", "Host=db;Password=secret"),
            ("ProviderName", "PostgreSQL.15"),
            ("Schema", "durable"),
            ("TablePrefix", "x_"),
            ("AutoCreate", "false"),
            ("CommandTimeout", "00:00:03"),
            ("BusyTimeout", "00:00:04"),
            ("Writers", "5"),
            ("MaxGroupSize", "6"),
            ("MaxWaiting", "7"));

        Assert.Equal("Host=db;Password=secret", options.ConnectionString);
        Assert.Equal("PostgreSQL.15", options.ProviderName);
        Assert.Equal("durable", options.Schema);
        Assert.Equal("x_", options.TablePrefix);
        Assert.False(options.AutoCreate);
        Assert.Equal(TimeSpan.FromSeconds(3), options.CommandTimeout);
        Assert.Equal(TimeSpan.FromSeconds(4), options.BusyTimeout);
        Assert.Equal(5, options.Writers);
        Assert.Equal(6, options.MaxGroupSize);
        Assert.Equal(7, options.MaxWaiting);
    }

    [Fact]
    public void Every_option_can_be_configured()
    {
        var error = Assert.Throws<DurableConfigurationException>(() => Read(("Nonsense", "1")));

        Assert.Equal(typeof(SqlStateStoreOptions).GetProperties().Select(property => property.Name).Order(StringComparer.Ordinal), error.Rule.Split("there are ")[1].Split(", "));
    }

    [Theory]
    [InlineData("Host=db;Database=shop", SqlProviderNames.PostgreSql)]
    [InlineData("server=db", SqlProviderNames.PostgreSql)]
    [InlineData("Data Source=shop.db", SqlProviderNames.Sqlite)]
    [InlineData("DataSource=shop.db", SqlProviderNames.Sqlite)]
    [InlineData("filename=shop.db;Pooling=true", SqlProviderNames.Sqlite)]
    public void The_connection_string_tells_the_kind_of_database(string connectionString, string provider)
    {
        Assert.Equal(provider, Read(("ConnectionString", connectionString)).ProviderName);
        Assert.Equal(provider, Read(options => options.ConnectionString = connectionString).ProviderName);
    }

    [Theory]
    [InlineData("Database=shop;Password=secret")]
    [InlineData("Host=db;Data Source=shop.db;Password=secret")]
    public void A_connection_string_that_tells_nothing_or_two_things_is_refused(string connectionString)
    {
        var error = Assert.Throws<DurableConfigurationException>(() => Read(("ConnectionString", connectionString)));

        Assert.Equal("SqlStateStoreOptions.ProviderName", error.Option);
        Assert.Contains("so it must be PostgreSQL or SQLite.MS", error.Rule);
        Assert.DoesNotContain("secret", error.ToString());
    }

    [Fact]
    public void What_is_no_connection_string_is_refused_without_being_shown()
    {
        var error = Assert.Throws<DurableConfigurationException>(() => Read(("ConnectionString", "postgres://shop:secret@db/shop")));

        Assert.Equal($"{Section}:ConnectionString", error.Option);
        Assert.Equal("(hidden)", error.Value);
        Assert.DoesNotContain("secret", error.ToString());
    }

    [Fact]
    public void Without_a_database_it_is_the_default_file()
    {
        var options = Read(("TablePrefix", "x_"));

        Assert.Equal($"Data Source={DefaultFile}", options.ConnectionString);
        Assert.Equal(SqlProviderNames.Sqlite, options.ProviderName);
        Assert.Equal("x_", options.TablePrefix);
    }

    [Fact]
    public void PostgreSQL_without_a_connection_string_is_refused()
    {
        var error = Assert.Throws<DurableConfigurationException>(() => Read(("ProviderName", "PostgreSQL")));

        Assert.Equal("SqlStateStoreOptions.ConnectionString", error.Option);
    }

    [Fact]
    public void Code_goes_over_configuration()
    {
        var options = Read(options => options.ConnectionString = "Data Source=code.db", ("ConnectionString", "Host=db"), ("Writers", "3"));

        Assert.Equal(SqlProviderNames.Sqlite, options.ProviderName);
        Assert.Equal("Data Source=code.db", options.ConnectionString);
        Assert.Equal(3, options.Writers);
    }

    [Theory]
    [InlineData("ProviderName", "Oracle")]
    [InlineData("TablePrefix", "Robert'); drop table")]
    [InlineData("AutoCreate", "perhaps")]
    [InlineData("CommandTimeout", "10")]
    [InlineData("CommandTimeout", "00:00:00.5")]
    [InlineData("BusyTimeout", "-00:00:01")]
    [InlineData("Writers", "17")]
    [InlineData("MaxGroupSize", "0")]
    [InlineData("MaxWaiting", "many")]
    public void A_bad_value_is_refused_by_its_path(string option, string value)
    {
        var error = Assert.Throws<DurableConfigurationException>(() => Read((option, value)));

        Assert.Equal($"{Section}:{option}", error.Option);
        Assert.NotEmpty(error.Rule);
    }

    private static SqlStateStoreOptions Read(params (string Key, string? Value)[] settings) => Read(null, settings);

    private static SqlStateStoreOptions Read(Action<SqlStateStoreOptions>? configure, params (string Key, string? Value)[] settings) =>
        SqlSettings.Build(Settings.Section(Section, settings), DefaultFile, configure);
}
