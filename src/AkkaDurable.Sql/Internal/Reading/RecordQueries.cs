using System.Data.Common;
using AkkaDurable.Storage;

namespace AkkaDurable.Sql.Internal.Reading;

/// <summary>The queries that no writer is needed for; one text serves every kind of database.</summary>
/// <remarks>
/// What starts and stops of servers change has no index (see the schemas), so a list by status may have to look at every record of a type. In the order of keys that is fast while many match, and slow when few do:
/// then it is faster to read the table from end to end and sort what was found. Databases guess which it is, some not at all and others wrong. So the first records are looked at in order, and the table is read only
/// when they were not enough.
/// </remarks>
internal sealed class RecordQueries(TableNames tables, ISqlDatabase database, int timeoutSeconds)
{
    // Few: to read more of them in order, PostgreSQL would rather sort the whole table.
    private const int LeastLookedAtInOrder = 1_000;
    private const int LookedAtForEachOfPage = 10;

    // An index must be read together with the table, which is slower than the table alone.
    private const int MaxCountedByIndex = 10_000;

    // It touches the tables: a server that answers is not enough when they are gone.
    private readonly string _ping = $"SELECT version FROM {tables.Marker}";
    private readonly string _read = $"SELECT {RecordColumns.WithState} FROM {tables.Servers} WHERE server_type = @type AND server_key = @key";

    public async Task<bool> PingAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, _ping);
        await command.ExecuteScalarAsync(cancellationToken);
        return true;
    }

    public async Task<StoredServer?> ReadAsync(DbConnection connection, ServerId id, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, _read);
        RecordConditions.Add(command, "@type", id.ServerType);
        RecordConditions.Add(command, "@key", id.Key);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? RecordColumns.Read(reader, id, withState: true, database.ReadTime) : null;
    }

    public Task<IReadOnlyList<StoredServer>> ListAsync(DbConnection connection, ServerQuery query, CancellationToken cancellationToken)
    {
        var page = new Page(query.ServerType, query.AfterKey, query.PageSize, query.IncludeState, where => where.StartsWith(query.KeyPrefix).InOneIndex(query), where => where.Matches(query));
        return PassesOver(query) ? FindAsync(connection, page, cancellationToken) : ReadAsync(connection, page, cancellationToken);
    }

    public Task<IReadOnlyList<StoredServer>> ListOrphansAsync(DbConnection connection, OrphanQuery query, CancellationToken cancellationToken) =>
        FindAsync(connection, new Page(query.ServerType, query.AfterKey, query.PageSize, WithState: false, where => where.IsPermanent(true), where => where.RunsNowhere(query.LiveOwners, query.LostLeases)), cancellationToken);

    public async Task<IReadOnlyDictionary<ServerStatus, long>> CountAsync(DbConnection connection, ServerQuery query, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, "");
        var hint = await CountsByTableAsync(connection, query, cancellationToken) ? database.WithoutIndex : "";
        command.CommandText = $"SELECT status, COUNT(*) FROM {tables.Servers} {hint} {new RecordConditions(command, tables, query.ServerType).StartsWith(query.KeyPrefix).Matches(query)} GROUP BY status";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var counts = new Dictionary<ServerStatus, long>();
        while (await reader.ReadAsync(cancellationToken))
        {
            counts[(ServerStatus)reader.GetInt16(0)] = reader.GetInt64(1);
        }

        return counts;
    }

    // Whether something is asked for that no index holds.
    private static bool PassesOver(ServerQuery query) =>
        query.Status is ServerStatus.Running or ServerStatus.StoppedGraceful || query.Owner is not null || query.IsPermanent == false || query.Region is "";

    // Here PostgreSQL guesses well.
    private async Task<bool> CountsByTableAsync(DbConnection connection, ServerQuery query, CancellationToken cancellationToken) =>
        database.WithoutIndex.Length > 0
        && await HasMoreAsync(connection, new Page(query.ServerType, null, MaxCountedByIndex / LookedAtForEachOfPage, WithState: false, where => where.StartsWith(query.KeyPrefix).InOneIndex(query), where => where), cancellationToken);

    private async Task<IReadOnlyList<StoredServer>> FindAsync(DbConnection connection, Page page, CancellationToken cancellationToken)
    {
        var first = await ReadAsync(connection, page, cancellationToken, inOrder: true);
        return first.Count == page.Size || !await HasMoreAsync(connection, page, cancellationToken) ? first : await ReadAsync(connection, page, cancellationToken, byTable: true);
    }

    /// <summary>Whether there are more records than are looked at in order.</summary>
    private async Task<bool> HasMoreAsync(DbConnection connection, Page page, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, "");
        command.CommandText = $"SELECT 1 FROM {tables.Servers} {page.Range(new RecordConditions(command, tables, page.ServerType).After(page.After))} ORDER BY server_key LIMIT 1 OFFSET {page.LookedAtInOrder}";
        return await command.ExecuteScalarAsync(cancellationToken) is not null;
    }

    private async Task<IReadOnlyList<StoredServer>> ReadAsync(DbConnection connection, Page page, CancellationToken cancellationToken, bool inOrder = false, bool byTable = false)
    {
        await using var command = Command(connection, "");
        var columns = (page.WithState ? RecordColumns.WithState : RecordColumns.WithoutState) + ", server_key";
        var range = page.Range(new RecordConditions(command, tables, page.ServerType).After(page.After));

        // What is looked at in order comes through row by row in that order, no further than the page needs. Told to sort it once more, SQLite would take all of it first.
        var from = inOrder ? $"(SELECT {columns}, server_type, rare_status FROM {tables.Servers} {range} ORDER BY server_key LIMIT {page.LookedAtInOrder}) first"
            : byTable ? $"{tables.Servers} {database.WithoutIndex}"
            : $"{tables.Servers}";
        var order = inOrder ? "" : $"ORDER BY {(byTable ? database.KeyWithoutIndex : "server_key")}";
        command.CommandText = $"SELECT {columns} FROM {from} {page.Matches(range)} {order} LIMIT @size";
        RecordConditions.Add(command, "@size", page.Size);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var records = new List<StoredServer>();
        var key = page.WithState ? RecordColumns.Count : RecordColumns.CountWithoutState;
        while (await reader.ReadAsync(cancellationToken))
        {
            records.Add(RecordColumns.Read(reader, new ServerId(page.ServerType, reader.GetString(key)), page.WithState, database.ReadTime));
        }

        return records;
    }

    private DbCommand Command(DbConnection connection, string text)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        command.CommandTimeout = timeoutSeconds;
        return command;
    }

    /// <summary>A page to be read.</summary>
    /// <param name="ServerType">The type of its records.</param>
    /// <param name="After">The key before the page.</param>
    /// <param name="Size">The most records on it.</param>
    /// <param name="WithState">Whether states are read.</param>
    /// <param name="Range">Narrows it down by what an index holds together with the keys.</param>
    /// <param name="Matches">Narrows it down by anything else.</param>
    private sealed record Page(string ServerType, string? After, int Size, bool WithState, Func<RecordConditions, RecordConditions> Range, Func<RecordConditions, RecordConditions> Matches)
    {
        public int LookedAtInOrder => Math.Max(LeastLookedAtInOrder, LookedAtForEachOfPage * Size);
    }
}
