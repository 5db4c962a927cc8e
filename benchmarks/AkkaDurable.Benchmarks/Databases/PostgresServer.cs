using AkkaDurable.TestSupport.Postgres;

namespace AkkaDurable.Benchmarks.Databases;

/// <summary>A PostgreSQL server of our own, as it comes (but for the number of connections), with fsync on. It starts when it is first needed.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private PostgresCluster? _cluster;
    private int _databases;

    /// <summary>Why none can run here; null when one can.</summary>
    public static string? Unavailable => PostgresBinaries.Unavailable;

    /// <summary>Creates an empty database.</summary>
    /// <returns>A connection string.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        _cluster ??= await StartAsync();
        var name = $"benchmark{++_databases}";
        await _cluster.CreateDatabaseAsync(name);
        return _cluster.ConnectionString(name);
    }

    public ValueTask DisposeAsync() => _cluster?.DisposeAsync() ?? ValueTask.CompletedTask;

    // All contenders keep their pools while the others have their turn.
    private static async Task<PostgresCluster> StartAsync()
    {
        var cluster = await PostgresCluster.StartNewAsync();
        await cluster.RunSqlAsync("postgres", "ALTER SYSTEM SET max_connections = 500");
        await cluster.StopAsync();
        await cluster.StartAsync();
        return cluster;
    }
}
