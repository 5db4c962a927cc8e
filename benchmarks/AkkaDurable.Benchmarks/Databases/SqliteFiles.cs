using AkkaDurable.Benchmarks.Counters.HandWritten;
using AkkaDurable.Sql;
using AkkaDurable.Storage;
using Microsoft.Data.Sqlite;

namespace AkkaDurable.Benchmarks.Databases;

/// <summary>SQLite files in a temporary folder, one a contender, since a file has one write lock. Write-ahead log and synchronous=FULL in both.</summary>
internal sealed class SqliteFiles : IBenchDatabase
{
    private const int Full = 2;
    private const int DeleteAttempts = 20;

    private readonly string _folder = Directory.CreateTempSubdirectory("akka-durable-bench-").FullName;

    public SqliteFiles()
    {
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;

        // The mode stays with the file. How hard a connection flushes does not, and the plugin offers no way to say it; so what it gets by default is looked at.
        using var connection = new SqliteConnection(ConnectionString("hand-written.db"));
        connection.Open();
        var mode = Scalar(connection, "PRAGMA journal_mode = WAL");
        var synchronous = (long)Scalar(connection, "PRAGMA synchronous");
        if (mode is not "wal" || synchronous != Full)
        {
            throw new InvalidOperationException($"The rival's file would have journal_mode={mode}, synchronous={synchronous} instead of wal and {Full} (FULL): not comparable.");
        }

        Description = $"SQLite {connection.ServerVersion}, WAL, synchronous=FULL";
    }

    public string Description { get; }

    // Groups in parallel would only wait for each other's lock. And by default the driver begins even a read as a writer, which then waits 150 ms whenever it meets another; a transaction
    // that is called "read uncommitted" it begins as a reader, and with a write-ahead log a reader sees committed data only, whatever it is called.
    public JournalSettings Journal => new("SQLite.MS", ConnectionString("hand-written.db"), Parallelism: 1, BatchSize: 400, ReadIsolation: "read-uncommitted");

    public IStateStore OpenStore() => SqlStateStore.Create(new SqlStateStoreOptions { ProviderName = SqlProviderNames.Sqlite, ConnectionString = ConnectionString("durable.db") });

    public ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        Delete();
        return ValueTask.CompletedTask;
    }

    private string ConnectionString(string file) => $"Data Source={Path.Combine(_folder, file)}";

    private static object Scalar(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        return command.ExecuteScalar()!;
    }

    private void OnProcessExit(object? sender, EventArgs e)
    {
        for (var attempt = 1; Directory.Exists(_folder) && attempt <= DeleteAttempts; attempt++)
        {
            try
            {
                Delete();
            }
            catch (IOException)
            {
                // The contenders are still at it, and one has made a new file meanwhile.
            }
        }
    }

    private void Delete()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
