using System.Data.Common;
using Npgsql;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Serialization;
using Orleans.Storage;

namespace AkkaDurable.Benchmarks.Contenders.OnOrleans;

/// <summary>
/// Grain state by Microsoft.Orleans.Persistence.AdoNet. The provider takes its statements from a table; these are ours and lean, so that what is measured is Orleans and its provider:
/// a primary key instead of hashes, and one upsert that is the compare-and-swap, instead of the stored function (PostgreSQL) or temporary table with trigger (SQLite) of its own scripts.
/// </summary>
/// <param name="Invariant">The provider's name of the driver.</param>
/// <param name="Source">The database.</param>
/// <param name="BytesType">The database's type for bytes.</param>
internal sealed record OrleansStorage(string Invariant, DbDataSource Source, string BytesType) : IAsyncDisposable
{
    public const string ProviderName = "counters";

    private const string Upsert = """
        INSERT INTO grain_state AS g (grain, kind, payload, version) VALUES (@GrainIdExtensionString, @GrainTypeString, @PayloadBinary, 1)
        ON CONFLICT (grain, kind) DO UPDATE SET payload = excluded.payload, version = g.version + 1 WHERE g.version = @GrainStateVersion
        RETURNING version AS NewGrainStateVersion
        """;

    private const string Select = "SELECT payload AS PayloadBinary, version AS Version FROM grain_state WHERE grain = @GrainIdExtensionString AND kind = @GrainTypeString";

    private const string Clear = """
        UPDATE grain_state SET payload = NULL, version = version + 1
        WHERE grain = @GrainIdExtensionString AND kind = @GrainTypeString AND version = @GrainStateVersion RETURNING version AS NewGrainStateVersion
        """;

    public static OrleansStorage Postgres(string connectionString) => new("Npgsql", NpgsqlDataSource.Create(connectionString), "bytea");

    public static OrleansStorage Sqlite(string connectionString) => new("System.Data.SQLite", new PatientSqlite(connectionString), "BLOB");

    /// <summary>The tables and statements of Orleans' own scripts instead of ours.</summary>
    public async Task<OrleansStorage> RunScriptsAsync(IEnumerable<string> scripts)
    {
        await using var connection = await Source.OpenConnectionAsync();
        foreach (var script in scripts)
        {
            await ExecuteAsync(connection, script);
        }

        return this;
    }

    public async Task<OrleansStorage> CreateTablesAsync()
    {
        await using var connection = await Source.OpenConnectionAsync();
        await ExecuteAsync(connection, "CREATE TABLE OrleansQuery (QueryKey varchar(64) PRIMARY KEY, QueryText text NOT NULL)");
        await ExecuteAsync(connection, $"CREATE TABLE grain_state (grain text NOT NULL, kind text NOT NULL, payload {BytesType}, version integer NOT NULL, PRIMARY KEY (grain, kind))");
        await AddAsync("WriteToStorageKey", Upsert);
        await AddAsync("ReadFromStorageKey", Select);
        await AddAsync("ClearStorageKey", Clear);
        return this;

        async Task AddAsync(string key, string text)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "INSERT INTO OrleansQuery VALUES (@key, @text)";
            foreach (var (name, value) in new[] { ("key", key), ("text", text) })
            {
                var parameter = command.CreateParameter();
                (parameter.ParameterName, parameter.Value) = (name, value);
                command.Parameters.Add(parameter);
            }

            await command.ExecuteNonQueryAsync();
        }
    }

    public void Add(ISiloBuilder silo) => silo.AddAdoNetGrainStorage(ProviderName, options => options.Configure<Serializer>((storage, serializer) =>
    {
        storage.Invariant = Invariant;
        storage.DataSource = Source;

        // Orleans' own binary form; the default is Newtonsoft JSON.
        storage.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
    }));

    public ValueTask DisposeAsync() => Source.DisposeAsync();

    private static async Task ExecuteAsync(DbConnection connection, string text)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = text;
        await command.ExecuteNonQueryAsync();
    }
}
