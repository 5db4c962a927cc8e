using System.Data.Common;
using System.Text;
using AkkaDurable.Storage;

namespace AkkaDurable.Sql.Internal.Reading;

/// <summary>The queries that no writer is needed for; one text serves every kind of database.</summary>
internal sealed class RecordQueries(TableNames tables, Func<DbDataReader, int, DateTimeOffset> time, int timeoutSeconds)
{
    // It touches the tables: a server that answers is not enough when they are gone.
    private readonly string _ping = $"SELECT version FROM {tables.Marker}";
    private readonly string _read = $"SELECT {RecordColumns.WithState} FROM {tables.Servers} WHERE server_type = @type AND server_key = @key";
    private readonly string _count = $"SELECT status, COUNT(*) FROM {tables.Servers} WHERE server_type = @type GROUP BY status";

    public async Task<bool> PingAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, _ping);
        await command.ExecuteScalarAsync(cancellationToken);
        return true;
    }

    public async Task<StoredServer?> ReadAsync(DbConnection connection, ServerId id, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, _read);
        Add(command, "@type", id.ServerType);
        Add(command, "@key", id.Key);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? RecordColumns.Read(reader, id, withState: true, time) : null;
    }

    public async Task<IReadOnlyList<StoredServer>> ListAsync(DbConnection connection, ServerQuery query, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, "");
        command.CommandText = Text(command, query);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var records = new List<StoredServer>();
        var key = query.IncludeState ? RecordColumns.Count : RecordColumns.CountWithoutState;
        while (await reader.ReadAsync(cancellationToken))
        {
            records.Add(RecordColumns.Read(reader, new ServerId(query.ServerType, reader.GetString(key)), query.IncludeState, time));
        }

        return records;
    }

    public async Task<IReadOnlyDictionary<ServerStatus, long>> CountAsync(DbConnection connection, string serverType, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, _count);
        Add(command, "@type", serverType);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var counts = new Dictionary<ServerStatus, long>();
        while (await reader.ReadAsync(cancellationToken))
        {
            counts[(ServerStatus)reader.GetInt16(0)] = reader.GetInt64(1);
        }

        return counts;
    }

    private string Text(DbCommand command, ServerQuery query)
    {
        var text = new StringBuilder("SELECT ").Append(query.IncludeState ? RecordColumns.WithState : RecordColumns.WithoutState)
            .Append(", server_key FROM ").Append(tables.Servers).Append(" WHERE server_type = @type");
        Add(command, "@type", query.ServerType);
        if (query.AfterKey is { } after)
        {
            text.Append(" AND server_key > @after");
            Add(command, "@after", after);
        }

        if (!string.IsNullOrEmpty(query.KeyPrefix))
        {
            text.Append(" AND server_key >= @from");
            Add(command, "@from", query.KeyPrefix);
            if (KeyRange.After(query.KeyPrefix) is { } to)
            {
                text.Append(" AND server_key < @to");
                Add(command, "@to", to);
            }
        }

        if (query.Status is { } status)
        {
            text.Append(" AND status = @status");
            Add(command, "@status", (short)status);
        }

        text.Append(" ORDER BY server_key LIMIT @size");
        Add(command, "@size", query.PageSize);
        return text.ToString();
    }

    private DbCommand Command(DbConnection connection, string text)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        command.CommandTimeout = timeoutSeconds;
        return command;
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}
