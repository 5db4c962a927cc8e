using System.Data.Common;
using AkkaDurable.Storage;

namespace AkkaDurable.Sql.Internal.Reading;

/// <summary>Reads the table of leases; one text serves every kind of database.</summary>
internal sealed class LeaseQuery(TableNames tables)
{
    private readonly string _list = $"SELECT lease_id, node, time_to_live, renewals, revoked FROM {tables.Leases}";

    public async Task<IReadOnlyList<NodeLease>> ListAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = _list;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var leases = new List<NodeLease>();
        while (await reader.ReadAsync(cancellationToken))
        {
            leases.Add(new NodeLease(reader.GetInt64(0), reader.GetString(1), TimeSpan.FromMilliseconds(reader.GetInt64(2)), reader.GetInt64(3), reader.GetBoolean(4)));
        }

        return leases;
    }
}
