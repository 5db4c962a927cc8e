using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AkkaDurable.Sql.Internal;

/// <summary>The rules of <see cref="SqlStateStoreOptions"/>, and what follows from its texts.</summary>
internal static partial class OptionRules
{
    private const string Hidden = "(hidden)";

    public static void Check(SqlStateStoreOptions options)
    {
        Require(
            IsSqlite(options) || IsPostgres(options),
            options.ProviderName,
            $"it must be {SqlProviderNames.Sqlite}, {SqlProviderNames.PostgreSql} or one of their linq2db variants such as PostgreSQL.15",
            nameof(options.ProviderName));
        Require(!string.IsNullOrWhiteSpace(options.ConnectionString), "(empty)", "a connection string is needed, for example Data Source=servers.db", nameof(options.ConnectionString));
        Require(Identifier().IsMatch(options.TablePrefix ?? ""), options.TablePrefix, "it must be a lower-case letter followed by at most 39 lower-case letters, digits and underscores", nameof(options.TablePrefix));
        Require(options.Schema is null || !IsSqlite(options), options.Schema, "SQLite has no schemas; leave it out", nameof(options.Schema));
        Require(options.Schema is null || Identifier().IsMatch(options.Schema), options.Schema, "it must be a lower-case letter followed by at most 39 lower-case letters, digits and underscores", nameof(options.Schema));
        Require(
            options.CommandTimeout >= TimeSpan.FromSeconds(1) && options.CommandTimeout <= TimeSpan.FromMinutes(10) && options.CommandTimeout.Ticks % TimeSpan.TicksPerSecond == 0,
            options.CommandTimeout,
            "it must be whole seconds from 1 s to 10 min",
            nameof(options.CommandTimeout));
        Require(options.BusyTimeout >= TimeSpan.Zero && options.BusyTimeout <= TimeSpan.FromMinutes(10), options.BusyTimeout, "it must be from 0 to 10 min", nameof(options.BusyTimeout));
        Require(options.Writers is >= 1 and <= 16, options.Writers, "it must be from 1 to 16", nameof(options.Writers));
        Require(options.MaxGroupSize is >= 1 and <= 1_000, options.MaxGroupSize, "it must be from 1 to 1,000", nameof(options.MaxGroupSize));
        Require(options.MaxWaiting >= 1, options.MaxWaiting, "it must be 1 or more", nameof(options.MaxWaiting));

        if (IsSqlite(options))
        {
            Sqlite(options);
        }
        else
        {
            Postgres(options);
        }
    }

    public static bool IsSqlite(SqlStateStoreOptions options) => Named(options.ProviderName, "SQLite");

    /// <summary>Reads and checks the connection string of SQLite.</summary>
    public static SqliteConnectionStringBuilder Sqlite(SqlStateStoreOptions options)
    {
        var text = Parse(() => new SqliteConnectionStringBuilder(options.ConnectionString), "it must be a connection string of Microsoft.Data.Sqlite");
        var inMemory = text.DataSource.Length == 0
            || text.Mode == SqliteOpenMode.Memory
            || text.DataSource.Contains(":memory:", StringComparison.OrdinalIgnoreCase)
            || text.DataSource.Contains("mode=memory", StringComparison.OrdinalIgnoreCase);
        Require(
            !inMemory,
            "a database in memory",
            "every connection would see another database; name a file, or use AkkaDurable.Storage.InMemoryStateStore",
            nameof(options.ConnectionString));
        Require(text.Mode != SqliteOpenMode.ReadOnly, "Mode=ReadOnly", "the store must be able to write", nameof(options.ConnectionString));
        Require(text.Cache != SqliteCacheMode.Shared, "Cache=Shared", "connections that share a cache lock each other out; leave it out", nameof(options.ConnectionString));
        return text;
    }

    /// <summary>Reads and checks the connection string of PostgreSQL.</summary>
    public static NpgsqlConnectionStringBuilder Postgres(SqlStateStoreOptions options)
    {
        var text = Parse(() => new NpgsqlConnectionStringBuilder(options.ConnectionString), "it must be a connection string of Npgsql");
        Require(!string.IsNullOrWhiteSpace(text.Host), Hidden, "it must name a Host", nameof(options.ConnectionString));
        Require(!text.Multiplexing, "Multiplexing=true", "writes are grouped here already; leave it out", nameof(options.ConnectionString));
        return text;
    }

    private static bool IsPostgres(SqlStateStoreOptions options) => Named(options.ProviderName, "PostgreSQL");

    private static bool Named(string? name, string family) =>
        name is not null && name.StartsWith(family, StringComparison.OrdinalIgnoreCase) && (name.Length == family.Length || name[family.Length] == '.');

    /// <summary>The driver's exception is left out: it may quote a part of the text, and so a secret.</summary>
    private static T Parse<T>(Func<T> parse, string rule)
    {
        try
        {
            return parse();
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidCastException or OverflowException or NotSupportedException)
        {
            throw new DurableConfigurationException(Name(nameof(SqlStateStoreOptions.ConnectionString)), Hidden, rule);
        }
    }

    private static void Require<T>(bool holds, T value, string rule, string option)
    {
        if (!holds)
        {
            throw new DurableConfigurationException(Name(option), value is null ? null : FormattableString.Invariant($"{value}"), rule);
        }
    }

    private static string Name(string option) => $"{nameof(SqlStateStoreOptions)}.{option}";

    [GeneratedRegex(@"^[a-z][a-z0-9_]{0,39}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Identifier();
}
