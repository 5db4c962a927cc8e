using Microsoft.Data.Sqlite;

namespace AkkaDurable.Benchmarks.Contenders.Bare;

/// <summary>A group is one immediate transaction of prepared compare-and-swaps, on the file's one writing connection.</summary>
internal sealed class SqliteSink : IGroupSink
{
    private readonly string[] _keys;
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _write;
    private readonly SqliteCommand _read;
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _commit;

    public SqliteSink(string connectionString, string[] keys)
    {
        _keys = keys;
        _connection = new SqliteConnection(connectionString);
        _connection.Open();
        _begin = Command("BEGIN IMMEDIATE");
        _commit = Command("COMMIT");
        Run("CREATE TABLE IF NOT EXISTS bare (key TEXT PRIMARY KEY, revision INTEGER NOT NULL, count INTEGER NOT NULL) WITHOUT ROWID");
        _write = Command("UPDATE bare SET revision = revision + 1, count = $count WHERE key = $key AND revision = $revision", "$count", "$key", "$revision");
        _read = Command("SELECT count FROM bare WHERE key = $key", "$key");
        Fill();
    }

    public void Write(IReadOnlyCollection<CounterChange> group)
    {
        if (group.Count == 1)
        {
            Write(group.First());
            return;
        }

        _begin.ExecuteNonQuery();
        foreach (var change in group)
        {
            Write(change);
        }

        _commit.ExecuteNonQuery();
    }

    public int Read(int counter)
    {
        _read.Parameters["$key"].Value = _keys[counter];
        return (int)(long)_read.ExecuteScalar()!;
    }

    public void Dispose()
    {
        _begin.Dispose();
        _commit.Dispose();
        _write.Dispose();
        _read.Dispose();
        _connection.Dispose();
    }

    private void Write(CounterChange change)
    {
        _write.Parameters[0].Value = change.Count;
        _write.Parameters[1].Value = _keys[change.Counter];
        _write.Parameters[2].Value = change.Revision;
        if (_write.ExecuteNonQuery() != 1)
        {
            throw new InvalidOperationException("A revision was not the expected one.");
        }
    }

    private void Fill()
    {
        _begin.ExecuteNonQuery();
        using var insert = Command("INSERT INTO bare VALUES ($key, 0, 0)", "$key");
        foreach (var key in _keys)
        {
            insert.Parameters[0].Value = key;
            insert.ExecuteNonQuery();
        }

        _commit.ExecuteNonQuery();
    }

    private void Run(string text)
    {
        using var command = Command(text);
        command.ExecuteNonQuery();
    }

    // A command keeps its prepared statement.
    private SqliteCommand Command(string text, params string[] parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = text;
        foreach (var name in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }

        return command;
    }
}
