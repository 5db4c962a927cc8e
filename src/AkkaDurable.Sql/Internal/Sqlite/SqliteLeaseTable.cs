using System.Globalization;
using AkkaDurable.Sql.Internal.Leasing;
using Microsoft.Data.Sqlite;

namespace AkkaDurable.Sql.Internal.Sqlite;

/// <summary>The table of Akka's leases in SQLite. Its writes are rare and each is a statement of its own; the clock is that of the one machine that the file is on.</summary>
internal sealed class SqliteLeaseTable(TableNames tables, SqliteDatabase database) : ILeaseTable
{
    private const string Now = "CAST(unixepoch('subsec') * 1000 AS INTEGER)";

    private readonly LeaseTexts _texts = new(tables, Now);

    public Task<LeaseRow> AcquireAsync(string name, LeaseOwner owner, TimeSpan timeToLive, CancellationToken cancellationToken) => database.WriteAsync(
        "the lease could not be acquired",
        connection =>
        {
            // In one transaction, lest somebody take it between the two; closing the connection ends it when something fails.
            SqliteFile.Run(connection, "BEGIN IMMEDIATE");
            Execute(connection, _texts.Acquire, name, owner.Holder, Milliseconds(timeToLive), owner.Name);
            var row = Read(connection, _texts.Read, name)!;
            SqliteFile.Run(connection, "COMMIT");
            return row;
        },
        cancellationToken);

    public Task<LeaseRow?> RenewAsync(string name, long holder, TimeSpan timeToLive, CancellationToken cancellationToken) => database.WriteAsync(
        "the lease could not be renewed",
        connection => Read(connection, _texts.Renew, name, holder, Milliseconds(timeToLive)),
        cancellationToken);

    public Task AskForAsync(string name, long version, LeaseOwner heir, CancellationToken cancellationToken) => database.WriteAsync(
        "the lease could not be asked for",
        connection => Execute(connection, _texts.AskFor, name, heir.Holder, version, heir.Name),
        cancellationToken);

    public Task HandOverAsync(string name, long holder, LeaseOwner heir, TimeSpan timeToLive, CancellationToken cancellationToken) => database.WriteAsync(
        "the lease could not be handed over",
        connection => Execute(connection, _texts.HandOver, name, heir.Holder, Milliseconds(timeToLive), heir.Name, holder),
        cancellationToken);

    public Task ReleaseAsync(string name, long holder, CancellationToken cancellationToken) => database.WriteAsync(
        "the lease could not be given back",
        connection => Execute(connection, _texts.Release, name, holder),
        cancellationToken);

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;

    private static int Execute(SqliteConnection connection, string text, params ReadOnlySpan<object> values)
    {
        using var command = Command(connection, text, values);
        return command.ExecuteNonQuery();
    }

    private static LeaseRow? Read(SqliteConnection connection, string text, params ReadOnlySpan<object> values)
    {
        using var command = Command(connection, text, values);
        using var reader = command.ExecuteReader();
        return reader.Read()
            ? new LeaseRow(new LeaseOwner(reader.GetInt64(0), reader.GetString(1)), reader.GetInt64(2), new LeaseOwner(reader.GetInt64(3), reader.GetString(4)))
            : null;
    }

    private static SqliteCommand Command(SqliteConnection connection, string text, params ReadOnlySpan<object> values)
    {
        var command = new SqliteCommand(text, connection);
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue("$" + (i + 1).ToString(CultureInfo.InvariantCulture), values[i]);
        }

        return command;
    }
}
