using Microsoft.Data.Sqlite;

namespace AkkaDurable.Sql.Internal.Sqlite;

/// <summary>The database file, and how connections to it are opened.</summary>
internal sealed class SqliteFile
{
    private readonly string _connectionString;
    private readonly long _busyMilliseconds;

    public SqliteFile(SqlStateStoreOptions options)
    {
        var text = OptionRules.Sqlite(options);

        // We keep our own connections, with their statements, and close them for good.
        text.Pooling = false;

        // SQLite waits by itself, in small steps (busy_timeout). The driver's own waiting, in steps of 150 ms, comes on top and is kept short.
        text.DefaultTimeout = 1;
        if (!options.AutoCreate)
        {
            text.Mode = SqliteOpenMode.ReadWrite;
        }

        _connectionString = text.ConnectionString;
        _busyMilliseconds = (long)options.BusyTimeout.TotalMilliseconds;
        BusyTimeout = options.BusyTimeout;
        Name = $"SQLite ({text.DataSource})";
    }

    public string Name { get; }

    public TimeSpan BusyTimeout { get; }

    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            connection.Open();
            Run(connection, FormattableString.Invariant($"PRAGMA busy_timeout = {_busyMilliseconds}"));

            // FULL: a commit is on the disk when it returns, also in WAL mode.
            Run(connection, "PRAGMA synchronous = FULL");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static void Run(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }

    public static object? Scalar(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        return command.ExecuteScalar();
    }
}
