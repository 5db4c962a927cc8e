using AkkaDurable.Benchmarks.Counters.HandWritten;
using AkkaDurable.Sql;
using AkkaDurable.Storage;
using AkkaDurable.TestSupport.Postgres;
using Npgsql;

namespace AkkaDurable.Benchmarks.Databases;

/// <summary>A PostgreSQL server of our own, as it comes, with fsync on. Both contenders use the same database, each its own tables.</summary>
internal sealed class PostgresServer : IBenchDatabase
{
    private const string Database = "benchmark";

    private readonly PostgresCluster _cluster;

    private PostgresServer(PostgresCluster cluster, string description)
    {
        _cluster = cluster;
        Description = description;
    }

    public string Description { get; }

    public JournalSettings Journal => new("PostgreSQL.15", _cluster.ConnectionString(Database) + ";Maximum Pool Size=50;No Reset On Close=true", Parallelism: 2, BatchSize: 400, ReadIsolation: "unspecified");

    public static async Task<PostgresServer> StartAsync()
    {
        var cluster = await PostgresCluster.StartNewAsync();
        await cluster.CreateDatabaseAsync(Database);
        await using var source = NpgsqlDataSource.Create(cluster.ConnectionString(Database) + ";Pooling=false");
        await using var command = source.CreateCommand(
            "SELECT 'PostgreSQL ' || split_part(current_setting('server_version'), ' ', 1) || ', fsync=' || current_setting('fsync') || ', synchronous_commit=' || current_setting('synchronous_commit')");
        return new PostgresServer(cluster, (string)(await command.ExecuteScalarAsync())!);
    }

    public IStateStore OpenStore() =>
        SqlStateStore.Create(new SqlStateStoreOptions { ProviderName = SqlProviderNames.PostgreSql, ConnectionString = _cluster.ConnectionString(Database) });

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();
}
