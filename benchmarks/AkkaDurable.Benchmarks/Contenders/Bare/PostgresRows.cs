using System.Data;
using Npgsql;

namespace AkkaDurable.Benchmarks.Contenders.Bare;

/// <summary>One row a commit, over pooled connections with a prepared upsert: what one writes without any framework.</summary>
internal sealed class PostgresRows : IContender
{
    private readonly string[] _keys;
    private readonly NpgsqlDataSource _source;

    private PostgresRows(string[] keys, NpgsqlDataSource source)
    {
        _keys = keys;
        _source = source;
    }

    public string Name => GroupedCounters.RowName;

    public static async Task<IContender> StartAsync(string[] keys, NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("CREATE TABLE bare_row (key text PRIMARY KEY, count integer NOT NULL)");
        await command.ExecuteNonQueryAsync();
        return new PostgresRows(keys, source);
    }

    public ValueTask<int> IncrementAsync(int counter) =>
        QueryAsync("INSERT INTO bare_row AS r VALUES ($1, 1) ON CONFLICT (key) DO UPDATE SET count = r.count + 1 RETURNING count", counter);

    public ValueTask<int> GetAsync(int counter) => QueryAsync("SELECT coalesce((SELECT count FROM bare_row WHERE key = $1), 0)", counter);

    public Task RestartAsync() => Task.CompletedTask;

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    // The data source prepares by itself what it has seen before (Max Auto Prepare).
    private async ValueTask<int> QueryAsync(string text, int counter)
    {
        await using var command = _source.CreateCommand(text);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = _keys[counter], DbType = DbType.String });
        return (int)(await command.ExecuteScalarAsync().ConfigureAwait(false))!;
    }
}
