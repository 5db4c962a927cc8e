using AkkaDurable.TestSupport.Postgres;

namespace AkkaDurable.Sql.Tests.Databases;

/// <summary>The tests that share one PostgreSQL server; each test has tables of its own.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresCollection : ICollectionFixture<PostgresFixture>
{
    public const string Name = "PostgreSQL";

    private static int _lastPrefix;

    public static string NewPrefix() => $"test{Interlocked.Increment(ref _lastPrefix)}_";

    public static SqlStateStoreOptions Options(PostgresFixture postgres, string prefix) => new()
    {
        ProviderName = SqlProviderNames.PostgreSql,
        ConnectionString = postgres.ConnectionString,
        TablePrefix = prefix,
        Writers = 3,

        // Tests lock rows for as long as they need, also on a machine that has much else to do.
        CommandTimeout = TimeSpan.FromMinutes(1),
    };
}
