using AkkaDurable.Sql;
using AkkaDurable.TestSupport.Postgres;
using ChangeStats.Cluster;
using ChangeStats.Input;

namespace ChangeStats.Demo;

/// <summary>The database of one run: a SQLite file that the nodes share, or a PostgreSQL server of its own.</summary>
internal sealed class DemoDatabase : IAsyncDisposable
{
    private const string Name = "stats";

    private DemoDatabase(string description, DatabaseAddress address, PostgresCluster? server = null)
    {
        Description = description;
        Address = address;
        Server = server;
    }

    public string Description { get; }

    public DatabaseAddress Address { get; }

    /// <summary>The PostgreSQL server, if it is one.</summary>
    public PostgresCluster? Server { get; }

    public static DemoDatabase Sqlite(string file) => new("SQLite, one file for all nodes", new DatabaseAddress(SqlProviderNames.Sqlite, $"Data Source={file}"));

    public static async Task<DemoDatabase> StartPostgresAsync()
    {
        if (PostgresBinaries.Unavailable is { } reason)
        {
            throw new InputException($"--postgres is not possible here: {reason}");
        }

        var server = await PostgresCluster.StartNewAsync();
        try
        {
            await server.CreateDatabaseAsync(Name);
            return new DemoDatabase($"PostgreSQL, started on port {server.Port}", new DatabaseAddress(SqlProviderNames.PostgreSql, server.ConnectionString(Name)), server);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => Server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
