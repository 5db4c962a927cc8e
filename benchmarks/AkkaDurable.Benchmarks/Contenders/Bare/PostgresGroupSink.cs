using System.Data;
using Npgsql;
using NpgsqlTypes;

namespace AkkaDurable.Benchmarks.Contenders.Bare;

/// <summary>One multi-row compare-and-swap a group, prepared, on a connection of its own.</summary>
internal sealed class PostgresGroupSink : IGroupSink
{
    private readonly string[] _keys;
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlCommand _write;
    private readonly NpgsqlCommand _read;

    public PostgresGroupSink(NpgsqlDataSource source, string[] keys)
    {
        _keys = keys;
        _connection = source.OpenConnection();
        _write = new NpgsqlCommand(
            """
            UPDATE bare_group AS c SET revision = c.revision + 1, count = v.count
            FROM unnest($1, $2, $3) AS v(key, revision, count)
            WHERE c.key = v.key AND c.revision = v.revision
            """,
            _connection);
        _write.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        _write.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        _write.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        _write.Prepare();
        _read = new NpgsqlCommand("SELECT count FROM bare_group WHERE key = $1", _connection);
        _read.Parameters.Add(new NpgsqlParameter { DbType = DbType.String });
        _read.Prepare();
    }

    /// <summary>Makes the table and a row for each counter.</summary>
    public static async Task PrepareAsync(NpgsqlDataSource source, string[] keys)
    {
        await using var command = source.CreateCommand("CREATE TABLE bare_group (key text PRIMARY KEY, revision integer NOT NULL, count integer NOT NULL)");
        await command.ExecuteNonQueryAsync();
        await using var fill = source.CreateCommand("INSERT INTO bare_group SELECT key, 0, 0 FROM unnest($1) AS k(key)");
        fill.Parameters.Add(new NpgsqlParameter { Value = keys });
        await fill.ExecuteNonQueryAsync();
    }

    public void Write(IReadOnlyCollection<CounterChange> group)
    {
        _write.Parameters[0].Value = group.Select(change => _keys[change.Counter]).ToArray();
        _write.Parameters[1].Value = group.Select(change => change.Revision).ToArray();
        _write.Parameters[2].Value = group.Select(change => change.Count).ToArray();
        if (_write.ExecuteNonQuery() != group.Count)
        {
            throw new InvalidOperationException("A revision was not the expected one.");
        }
    }

    public int Read(int counter)
    {
        _read.Parameters[0].Value = _keys[counter];
        return (int)_read.ExecuteScalar()!;
    }

    public void Dispose()
    {
        _write.Dispose();
        _read.Dispose();
        _connection.Dispose();
    }
}
