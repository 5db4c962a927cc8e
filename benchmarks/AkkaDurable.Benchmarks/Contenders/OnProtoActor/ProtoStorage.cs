using System.Data;
using Npgsql;

namespace AkkaDurable.Benchmarks.Contenders.OnProtoActor;

/// <summary>Rows of counters in PostgreSQL, as one writes it by hand: one statement loads, one is the compare-and-swap. Prepared by the data source.</summary>
internal sealed class ProtoStorage : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;

    private ProtoStorage(NpgsqlDataSource source) => _source = source;

    public static async Task<ProtoStorage> CreateAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("CREATE TABLE proto_counter (key text PRIMARY KEY, revision integer NOT NULL, count integer NOT NULL)");
        await command.ExecuteNonQueryAsync();
        return new ProtoStorage(source);
    }

    /// <returns>The stored revision and count; zeros for a new counter.</returns>
    public async Task<(int Revision, int Count)> LoadAsync(string key)
    {
        await using var command = _source.CreateCommand("SELECT revision, count FROM proto_counter WHERE key = $1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key, DbType = DbType.String });
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() ? (reader.GetInt32(0), reader.GetInt32(1)) : (0, 0);
    }

    /// <exception cref="InvalidOperationException">The stored revision is another one.</exception>
    public async Task SaveAsync(string key, int expected, int count)
    {
        await using var command = _source.CreateCommand(
            "INSERT INTO proto_counter AS c VALUES ($1, $2 + 1, $3) ON CONFLICT (key) DO UPDATE SET revision = excluded.revision, count = excluded.count WHERE c.revision = $2");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key, DbType = DbType.String });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = expected });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = count });
        if (await command.ExecuteNonQueryAsync() != 1)
        {
            throw new InvalidOperationException($"{key} has another revision than {expected}.");
        }
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
