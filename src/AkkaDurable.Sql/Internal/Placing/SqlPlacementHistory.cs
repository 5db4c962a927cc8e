using System.Data.Common;
using System.Text.Json;
using AkkaDurable.Placement;

namespace AkkaDurable.Sql.Internal.Placing;

/// <summary>The places of shards, one row a shard. The same statements for every kind of database.</summary>
internal sealed class SqlPlacementHistory(ISqlDatabase database, TableNames tables, TimeSpan timeout) : IPlacementHistory
{
    private readonly string _select = $"SELECT shard, home_region, version, places FROM {tables.Placements} WHERE server_type = @type";

    // Two coordinators, in a partition, may both write: the record that knows more stays.
    private readonly string _upsert =
        $"""
        INSERT INTO {tables.Placements} (server_type, shard, home_region, version, places) VALUES (@type, @shard, @region, @version, @places)
        ON CONFLICT (server_type, shard) DO UPDATE SET home_region = excluded.home_region, version = excluded.version, places = excluded.places
        WHERE {tables.Placements.Name}.version < excluded.version
        """;

    public Task<IReadOnlyList<PlacementRecord>> LoadAsync(string typeName, CancellationToken cancellationToken) => database.QueryAsync(
        async (connection, cancellation) =>
        {
            await using var command = Command(connection, null, _select, ("@type", typeName));
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            var records = new List<PlacementRecord>();
            while (await reader.ReadAsync(cancellation))
            {
                if (Read(reader) is { } record)
                {
                    records.Add(record);
                }
            }

            return (IReadOnlyList<PlacementRecord>)records;
        },
        cancellationToken);

    public Task RecordAsync(string typeName, IReadOnlyCollection<PlacementRecord> records, CancellationToken cancellationToken) => database.WriteAsync(
        "the places of shards could not be written",
        async (connection, cancellation) =>
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellation);

            // In one order everywhere, so that two coordinators do not wait for each other.
            foreach (var record in records.OrderBy(static record => record.Shard, StringComparer.Ordinal))
            {
                await using var command = Command(
                    connection,
                    transaction,
                    _upsert,
                    ("@type", typeName),
                    ("@shard", record.Shard),
                    ("@region", record.HomeRegion),
                    ("@version", record.Version),
                    ("@places", JsonSerializer.Serialize(record.Entries.Select(StoredPlace.Of).ToArray(), StoredPlaceJson.Default.StoredPlaceArray)));
                await command.ExecuteNonQueryAsync(cancellation);
            }

            await transaction.CommitAsync(cancellation);
        },
        cancellationToken);

    /// <returns>Null for a row that somebody else has written: a shard whose earlier places nobody knows is placed as a new one, and its record is written anew.</returns>
    private static PlacementRecord? Read(DbDataReader reader)
    {
        try
        {
            var places = JsonSerializer.Deserialize(reader.GetString(3), StoredPlaceJson.Default.StoredPlaceArray) ?? [];
            return new PlacementRecord(reader.GetString(0), reader.GetString(1), reader.GetInt64(2), [.. places.Select(static place => place.ToEntry())]);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            return null;
        }
    }

    private DbCommand Command(DbConnection connection, DbTransaction? transaction, string text, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = text;
        command.CommandTimeout = (int)timeout.TotalSeconds;
        command.Transaction = transaction;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
