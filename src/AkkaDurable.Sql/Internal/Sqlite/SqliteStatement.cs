using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AkkaDurable.Sql.Internal.Sqlite;

/// <summary>A prepared write on one connection. Below the driver, whose commands and parameters cost half of what a save puts on the heap.</summary>
/// <remarks>It is prepared when it is first run: a table that is missing then is the fault of that write, not of the connection.</remarks>
internal sealed class SqliteStatement(SqliteConnection connection, string text) : IDisposable
{
    private readonly sqlite3 _database = connection.Handle!;
    private sqlite3_stmt? _statement;
    private byte[] _utf8 = new byte[128];

    public SqliteStatement Bind(int index, long value)
    {
        Check(raw.sqlite3_bind_int64(Prepared(), index, value));
        return this;
    }

    public SqliteStatement Bind(int index, string value)
    {
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        if (_utf8.Length < most)
        {
            _utf8 = new byte[most];
        }

        return BindText(index, _utf8.AsSpan(0, Encoding.UTF8.GetBytes(value, _utf8)));
    }

    /// <summary>Binds UTF-8 bytes as a text.</summary>
    public SqliteStatement BindText(int index, ReadOnlySpan<byte> utf8)
    {
        // Of an empty span the library makes a null.
        Check(utf8.IsEmpty ? raw.sqlite3_bind_text(Prepared(), index, "") : raw.sqlite3_bind_text(Prepared(), index, utf8));
        return this;
    }

    public SqliteStatement BindBytes(int index, ReadOnlyMemory<byte>? bytes)
    {
        Check(bytes switch
        {
            null => raw.sqlite3_bind_null(Prepared(), index),
            { IsEmpty: true } => raw.sqlite3_bind_zeroblob(Prepared(), index, 0),
            { } given => raw.sqlite3_bind_blob(Prepared(), index, given.Span),
        });
        return this;
    }

    /// <returns>How many rows were changed.</returns>
    /// <exception cref="SqliteException">The statement failed.</exception>
    public int Run()
    {
        var statement = Prepared();
        var result = raw.sqlite3_step(statement);
        var changes = raw.sqlite3_changes(_database);
        try
        {
            if (result != raw.SQLITE_DONE && result != raw.SQLITE_ROW)
            {
                SqliteException.ThrowExceptionForRC(result, _database);
            }

            return changes;
        }
        finally
        {
            // What it returns once more is the error of the step.
            _ = raw.sqlite3_reset(statement);
            _ = raw.sqlite3_clear_bindings(statement);
        }
    }

    public void Dispose() => _statement?.Dispose();

    private sqlite3_stmt Prepared()
    {
        if (_statement is null)
        {
            Check(raw.sqlite3_prepare_v3(_database, text, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
        }

        return _statement!;
    }

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _database);
}
