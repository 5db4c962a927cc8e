using AkkaDurable.Benchmarks.Contenders;
using AkkaDurable.Benchmarks.Contenders.Bare;
using AkkaDurable.Benchmarks.Contenders.OnAkka;
using AkkaDurable.Benchmarks.Contenders.OnOrleans;
using AkkaDurable.Sql;
using AkkaDurable.Storage;
using Microsoft.Data.Sqlite;

namespace AkkaDurable.Benchmarks.Databases;

/// <summary>SQLite files in a temporary folder, one a contender, since a file has one write lock. Write-ahead log and synchronous=FULL in all.</summary>
internal sealed class SqliteFiles : IBenchDatabase
{
    // What AkkaDurable's own files have; faster for the others too, or as fast.
    private const string PageSize = "PRAGMA page_size = 1024";
    private const int Full = 2;
    private const int DeleteAttempts = 20;
    private const int GroupSize = 100;

    private readonly string _folder = Directory.CreateTempSubdirectory("akka-durable-bench-").FullName;

    public SqliteFiles()
    {
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        Description = Prepare("bare-row.db");
    }

    public string Name => "sqlite";

    public string Description { get; }

    public IStateStore OpenStore(string tables, Action<SqlStateStoreOptions> tune)
    {
        var options = new SqlStateStoreOptions { ProviderName = SqlProviderNames.Sqlite, ConnectionString = ConnectionString(tables + ".db"), TablePrefix = tables };
        tune(options);
        return SqlStateStore.Create(options);
    }

    public IEnumerable<Entry> Rivals(int counters, BenchOptions options) =>
    [
        new(GroupedCounters.RowName, () => StartBareAsync(GroupedCounters.RowName, counters, groupSize: 1)) { Activates = false },
        new(GroupedCounters.GroupName, () => StartBareAsync(GroupedCounters.GroupName, counters, GroupSize)) { Activates = false },
        .. AkkaEntries.Persistent(counters, () => options.Rival.WithFallback(Journal().ToConfig())),
        new(OrleansCounters.DefaultName, async () => await OrleansCounters.StartAsync(counters, await OrleansStorageIn("orleans.db").CreateTablesAsync())),
        .. OrleansOnItsScripts(counters, options),
    ];

    public ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        Delete();
        return ValueTask.CompletedTask;
    }

    // Groups in parallel would only wait for each other's lock. And by default the driver begins even a read as a writer, which then waits 150 ms whenever it meets another; a transaction
    // that is called "read uncommitted" it begins as a reader, and with a write-ahead log a reader sees committed data only, whatever it is called.
    private JournalSettings Journal()
    {
        Prepare("journal.db");
        return new JournalSettings("SQLite.MS", ConnectionString("journal.db"), Parallelism: 1, BatchSize: 400, ReadIsolation: "read-uncommitted");
    }

    private Task<IContender> StartBareAsync(string name, int counters, int groupSize)
    {
        Prepare(name + ".db");
        return Task.FromResult(GroupedCounters.Start(name, counters, groupSize, new SqliteSink(ConnectionString(name + ".db"), CounterKeys.First(counters))));
    }

    private OrleansStorage OrleansStorageIn(string file)
    {
        Prepare(file);
        return OrleansStorage.Sqlite(ConnectionString(file));
    }

    private IEnumerable<Entry> OrleansOnItsScripts(int counters, BenchOptions options) => options.OrleansScripts?.Of(OrleansScripts.Sqlite) is not { } scripts
        ? []
        : [new(OrleansCounters.ScriptsName, async () => await OrleansCounters.StartAsync(counters, await OrleansStorageIn("orleans-scripts.db").RunScriptsAsync(scripts), OrleansCounters.ScriptsName))];

    /// <summary>The mode stays with the file. How hard a connection flushes does not, and not every rival offers a way to say it; so what it gets by default is looked at.</summary>
    private string Prepare(string file)
    {
        using var connection = new SqliteConnection(ConnectionString(file));
        connection.Open();
        using var page = connection.CreateCommand();
        page.CommandText = PageSize;
        page.ExecuteNonQuery();
        var mode = Scalar(connection, "PRAGMA journal_mode = WAL");
        var synchronous = (long)Scalar(connection, "PRAGMA synchronous");
        return mode is "wal" && synchronous == Full
            ? $"SQLite {connection.ServerVersion}, WAL, synchronous=FULL"
            : throw new InvalidOperationException($"The rival's file would have journal_mode={mode}, synchronous={synchronous} instead of wal and {Full} (FULL): not comparable.");
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
