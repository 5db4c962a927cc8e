using AkkaDurable.Sql.Internal.Writing;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AkkaDurable.Sql.Internal.Sqlite;

/// <summary>What SQLite's result codes mean.</summary>
internal static class SqliteErrors
{
    /// <summary>Somebody else holds a lock on the file or on a part of it.</summary>
    public static bool IsBusy(SqliteException exception) => exception.SqliteErrorCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED;

    public static bool IsNoDatabase(SqliteException exception) => exception.SqliteErrorCode == raw.SQLITE_NOTADB;

    /// <summary>For an error of a statement within a transaction.</summary>
    public static FailureKind Classify(SqliteException exception) => exception.SqliteErrorCode switch
    {
        raw.SQLITE_ERROR or raw.SQLITE_CONSTRAINT or raw.SQLITE_TOOBIG or raw.SQLITE_MISMATCH or raw.SQLITE_RANGE => FailureKind.Member,
        _ => FailureKind.Unknown,
    };

    public static string Describe(string database, string what, SqliteException exception) => $"{database}: {what}: {exception.Message}";
}
