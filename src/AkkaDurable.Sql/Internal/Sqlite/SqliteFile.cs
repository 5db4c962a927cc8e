using Microsoft.Data.Sqlite;

namespace AkkaDurable.Sql.Internal.Sqlite;

/// <summary>The database file, and how connections to it are opened.</summary>
internal sealed class SqliteFile
{
    /// <summary>
    /// A save rewrites the whole page that its record is in, and saves go to records here and there: a quarter of SQLite's usual page is a quarter of the writing, which is most of what a commit costs. It is half as fast again
    /// with states up to 1 kB, as fast with 4 kB, and slower with states of which a page holds only a piece, by a quarter with 20 kB.
    /// </summary>
    public const string PageSize = "PRAGMA page_size = 1024";

    // Instead of the usual 4,000 KiB. Not more: a disk that is nearly full must still hold the log, or nothing is ever copied from it and its room never used again.
    private const long LogBytes = 8_000 * 1_024;

    // Instead of 2,000 KiB, in which the pages of some ten thousand servers do not fit. Used up only as far as there are pages.
    private const int CacheKibibytes = 16_000;

    private readonly string _orCreate;
    private readonly string _existing;

    public SqliteFile(SqlStateStoreOptions options)
    {
        var text = OptionRules.Sqlite(options);

        // We keep our own connections, with their statements, and close them for good.
        text.Pooling = false;

        // SQLite waits by itself, in small steps (busy_timeout). The driver's own waiting, in steps of 150 ms, comes on top and is kept short.
        text.DefaultTimeout = 1;
        BusyTimeout = options.BusyTimeout;
        Name = $"SQLite ({text.DataSource})";
        var given = text.Mode;
        text.Mode = SqliteOpenMode.ReadWrite;
        _existing = text.ConnectionString;
        text.Mode = options.AutoCreate ? given : SqliteOpenMode.ReadWrite;
        _orCreate = text.ConnectionString;
    }

    public string Name { get; }

    public TimeSpan BusyTimeout { get; }

    /// <summary>Opens a connection and makes the file if need be.</summary>
    public SqliteConnection OpenOrCreate() => Open(_orCreate, BusyTimeout);

    /// <summary>Opens a connection; a file that was removed is not made again, which would look like an empty database.</summary>
    public SqliteConnection Open() => Open(_existing, BusyTimeout);

    /// <summary>Opens a connection for <see cref="SqliteWriteLock"/>, which does the waiting.</summary>
    public SqliteConnection OpenForWriting()
    {
        var connection = Open(_existing, SqliteWriteLock.BetweenLooks);
        try
        {
            // Saves go to records here and there, each in a page of its own, so as SQLite comes the pages of every few groups would be copied from the log into the file. Done half as often that is
            // a tenth less writing. What is in the log is as durable as what is in the file.
            var pageBytes = (long)Scalar(connection, "PRAGMA page_size")!;
            Run(connection, FormattableString.Invariant($"PRAGMA wal_autocheckpoint = {LogBytes / pageBytes}; PRAGMA cache_size = -{CacheKibibytes}"));
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

    private static SqliteConnection Open(string connectionString, TimeSpan busyTimeout)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            Run(connection, FormattableString.Invariant($"PRAGMA busy_timeout = {(long)busyTimeout.TotalMilliseconds}"));

            // A commit is on the disk when it returns, also in WAL mode (FULL), and also where the system's own flush stops short of it (macOS).
            Run(connection, "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
