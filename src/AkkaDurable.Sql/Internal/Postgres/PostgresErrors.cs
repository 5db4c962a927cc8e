using System.Data.Common;
using System.Net.Sockets;
using System.Security.Authentication;
using AkkaDurable.Sql.Internal.Writing;
using Npgsql;

namespace AkkaDurable.Sql.Internal.Postgres;

/// <summary>What the driver's exceptions mean. Their messages name host, database and user, and never the password.</summary>
internal static class PostgresErrors
{
    /// <summary>Classes of SQLSTATE that are about what a statement holds: data, constraints, size limits, triggers.</summary>
    private static readonly string[] DataClasses = ["21", "22", "23", "27", "44", "54", "P0"];

    /// <summary>What the driver throws when the database, the network or the login fails.</summary>
    public static bool IsExpected(Exception exception) =>
        exception is DbException or IOException or SocketException or TimeoutException or AuthenticationException or InvalidOperationException;

    public static FailureKind Classify(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected } => FailureKind.Contention,
        PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable } => FailureKind.Member,
        PostgresException postgres when DataClasses.Contains(postgres.SqlState[..2]) => FailureKind.Member,
        _ => FailureKind.Unknown,
    };

    /// <summary>Whether the connection broke, as all connections do when the server restarts; a query may be tried again on a new one.</summary>
    public static bool IsBroken(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.SqlState.StartsWith("57P", StringComparison.Ordinal) || postgres.SqlState.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException => exception.InnerException is IOException or SocketException,
        _ => exception is IOException or SocketException,
    };

    public static string Describe(string database, string what, Exception exception) => exception switch
    {
        PostgresException postgres => $"{database}: {what}: {postgres.SqlState} {postgres.MessageText}",
        { InnerException: { } inner } => $"{database}: {what}: {exception.Message} {inner.Message}",
        _ => $"{database}: {what}: {exception.Message}",
    };
}
