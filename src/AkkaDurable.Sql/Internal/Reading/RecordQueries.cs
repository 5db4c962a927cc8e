using System.Data.Common;
using AkkaDurable.Storage;

namespace AkkaDurable.Sql.Internal.Reading;

/// <summary>The queries that no writer is needed for; one text serves every kind of database.</summary>
internal sealed class RecordQueries(TableNames tables, Func<DbDataReader, int, DateTimeOffset> time, int timeoutSeconds)
{
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
        return await reader.ReadAsync(cancellationToken) ? RecordColumns.Read(reader, id, withState: true, time) : null;
    }

    public Task<IReadOnlyList<StoredServer>> ListAsync(DbConnection connection, ServerQuery query, CancellationToken cancellationToken) =>
        PageAsync(connection, query.ServerType, query.IncludeState, where => where.Matches(query).After(query.AfterKey), query.PageSize, cancellationToken);

    public Task<IReadOnlyList<StoredServer>> ListOrphansAsync(DbConnection connection, OrphanQuery query, CancellationToken cancellationToken) =>
        PageAsync(connection, query.ServerType, withState: false, where => where.RunsNowhere(query.LiveOwners).After(query.AfterKey), query.PageSize, cancellationToken);

    public async Task<IReadOnlyDictionary<ServerStatus, long>> CountAsync(DbConnection connection, ServerQuery query, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, "");
        command.CommandText = $"SELECT status, COUNT(*) FROM {tables.Servers} {new RecordConditions(command, tables, query.ServerType).Matches(query)} GROUP BY status";
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var counts = new Dictionary<ServerStatus, long>();
        while (await reader.ReadAsync(cancellationToken))
        {
            counts[(ServerStatus)reader.GetInt16(0)] = reader.GetInt64(1);
        }

        return counts;
    }

    private async Task<IReadOnlyList<StoredServer>> PageAsync(
        DbConnection connection, string serverType, bool withState, Func<RecordConditions, RecordConditions> narrow, int size, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, "");
        var columns = withState ? RecordColumns.WithState : RecordColumns.WithoutState;
        var where = narrow(new RecordConditions(command, tables, serverType));
        command.CommandText = $"SELECT {columns}, server_key FROM {tables.Servers} {where} ORDER BY server_key LIMIT @size";
        RecordConditions.Add(command, "@size", size);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var records = new List<StoredServer>();
        var key = withState ? RecordColumns.Count : RecordColumns.CountWithoutState;
        while (await reader.ReadAsync(cancellationToken))
        {
            records.Add(RecordColumns.Read(reader, new ServerId(serverType, reader.GetString(key)), withState, time));
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
}
