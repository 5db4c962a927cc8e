using AkkaDurable.Benchmarks.Contenders;
using AkkaDurable.Benchmarks.Contenders.Bare;
using AkkaDurable.Benchmarks.Contenders.OnAkka;
using AkkaDurable.Benchmarks.Contenders.OnOrleans;
using AkkaDurable.Benchmarks.Contenders.OnProtoActor;
using AkkaDurable.Sql;
using AkkaDurable.Storage;
using Npgsql;

namespace AkkaDurable.Benchmarks.Databases;

/// <summary>One PostgreSQL database for all contenders, each with its own tables.</summary>
internal sealed class PostgresDatabase : IBenchDatabase
{
    private const int GroupSize = 100;
    private const int GroupWriters = 2;

    private readonly string _connectionString;
    private readonly NpgsqlDataSource _source;

    private PostgresDatabase(string connectionString)
    {
        _connectionString = connectionString;
        _source = NpgsqlDataSource.Create(connectionString + RowPool);
    }

    public string Name => "postgres";

    public string Description { get; private set; } = "";

    // For whoever writes a row a commit: prepared statements, no reset between uses, and a connection for each of 64 calls, since waiting for one costs more than having it.
    private static string RowPool => ";Maximum Pool Size=64;Max Auto Prepare=16;Auto Prepare Min Usages=2;No Reset On Close=true";

    public static async Task<PostgresDatabase> OpenAsync(string connectionString)
    {
        var database = new PostgresDatabase(connectionString);
        await using var command = database._source.CreateCommand(
            "SELECT 'PostgreSQL ' || split_part(current_setting('server_version'), ' ', 1) || ', fsync=' || current_setting('fsync') || ', synchronous_commit=' || current_setting('synchronous_commit')");
        database.Description = (string)(await command.ExecuteScalarAsync())!;
        return database;
    }

    public async Task AnalyzeAsync()
    {
        await using var command = _source.CreateCommand("ANALYZE");
        await command.ExecuteNonQueryAsync();
    }

    public IStateStore OpenStore(string tables, Action<SqlStateStoreOptions> tune)
    {
        var options = new SqlStateStoreOptions { ProviderName = SqlProviderNames.PostgreSql, ConnectionString = _connectionString, TablePrefix = tables };
        tune(options);
        return SqlStateStore.Create(options);
    }

    public IEnumerable<Entry> Rivals(int counters, BenchOptions options) =>
    [
        new(GroupedCounters.RowName, () => PostgresRows.StartAsync(CounterKeys.First(counters), NpgsqlDataSource.Create(_connectionString + RowPool))) { Activates = false },
        new(GroupedCounters.GroupName, () => StartGroupsAsync(CounterKeys.First(counters))) { Activates = false },
        .. AkkaEntries.Persistent(counters, () => options.Rival.WithFallback(Journal.ToConfig())),
        new(OrleansCounters.DefaultName, async () => await OrleansCounters.StartAsync(counters, await OrleansStorage.Postgres(_connectionString + RowPool).CreateTablesAsync())),
        .. OrleansOnItsScripts(counters, options),
        new(ProtoCounters.DefaultName, async () => await ProtoCounters.StartAsync(counters, await ProtoStorage.CreateAsync(NpgsqlDataSource.Create(_connectionString + RowPool)))),
    ];

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private JournalSettings Journal => new("PostgreSQL.15", _connectionString + ";Maximum Pool Size=50;No Reset On Close=true", Parallelism: 2, BatchSize: 400, ReadIsolation: "unspecified");

    // Both bring a table OrleansQuery, so each has a schema of its own.
    private IEnumerable<Entry> OrleansOnItsScripts(int counters, BenchOptions options) => options.OrleansScripts?.Of(OrleansScripts.PostgreSql) is not { } scripts
        ? []
        : [
            new(OrleansCounters.ScriptsName, async () =>
            {
                await using var command = _source.CreateCommand("CREATE SCHEMA orleans_scripts");
                await command.ExecuteNonQueryAsync();
                var storage = OrleansStorage.Postgres(_connectionString + RowPool + ";Search Path=orleans_scripts");
                return await OrleansCounters.StartAsync(counters, await storage.RunScriptsAsync(scripts), OrleansCounters.ScriptsName);
            }),
        ];

    private async Task<IContender> StartGroupsAsync(string[] keys)
    {
        await PostgresGroupSink.PrepareAsync(_source, keys);
        return GroupedCounters.Start(GroupedCounters.GroupName, keys.Length, GroupSize, [.. Enumerable.Range(0, GroupWriters).Select(_ => new PostgresGroupSink(_source, keys))]);
    }
}
