using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
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
/// <param name="ConnectionString">The database.</param>
/// <param name="BytesType">The database's type for bytes.</param>
/// <param name="Prelude">What each write begins with.</param>
internal sealed record OrleansStorage(string Invariant, string ConnectionString, string BytesType, string Prelude)
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

    public static OrleansStorage Postgres(string connectionString) => new("Npgsql", connectionString, "bytea", Prelude: "");

    // The provider opens a connection a call, and the driver's own way to wait for the write lock is to try again every 150 ms; SQLite's is to wait a little longer each time.
    public static OrleansStorage Sqlite(string connectionString) => new("System.Data.SQLite", connectionString, "BLOB", Prelude: "PRAGMA busy_timeout = 10000; ");

    public async Task CreateTablesAsync(DbConnection connection)
    {
        await connection.OpenAsync();
        await ExecuteAsync("CREATE TABLE OrleansQuery (QueryKey varchar(64) PRIMARY KEY, QueryText text NOT NULL)");
        await ExecuteAsync($"CREATE TABLE grain_state (grain text NOT NULL, kind text NOT NULL, payload {BytesType}, version integer NOT NULL, PRIMARY KEY (grain, kind))");
        await AddAsync("WriteToStorageKey", Prelude + Upsert);
        await AddAsync("ReadFromStorageKey", Select);
        await AddAsync("ClearStorageKey", Prelude + Clear);

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

        async Task ExecuteAsync(string text)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = text;
            await command.ExecuteNonQueryAsync();
        }
    }

    public void Add(ISiloBuilder silo) => silo.AddAdoNetGrainStorage(ProviderName, options => options.Configure<Serializer>((storage, serializer) =>
    {
        storage.Invariant = Invariant;
        storage.ConnectionString = ConnectionString;

        // Orleans' own binary form; the default is Newtonsoft JSON.
        storage.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
    }));
}
