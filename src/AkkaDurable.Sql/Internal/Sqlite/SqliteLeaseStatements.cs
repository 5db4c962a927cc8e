using Microsoft.Data.Sqlite;

namespace AkkaDurable.Sql.Internal.Sqlite;

/// <summary>The writes to the table of leases on one connection, within the transaction of a group.</summary>
internal sealed class SqliteLeaseStatements(SqliteConnection connection, TableNames tables) : IDisposable
{
    private readonly SqliteCommand _create = new(
        $"INSERT INTO {tables.Leases} (lease_id, node, time_to_live, renewals, revoked) VALUES ($id, $node, $ttl, 0, 0) ON CONFLICT (lease_id) DO NOTHING",
        connection);

    private readonly SqliteCommand _renew = new($"UPDATE {tables.Leases} SET renewals = renewals + 1 WHERE lease_id = $id AND revoked = 0", connection);
    private readonly SqliteCommand _revoke = new($"UPDATE {tables.Leases} SET revoked = 1 WHERE lease_id = $id", connection);
    private readonly SqliteCommand _delete = new($"DELETE FROM {tables.Leases} WHERE lease_id = $id AND renewals = COALESCE($renewals, renewals)", connection);
    private readonly SqliteCommand _exists = new($"SELECT 1 FROM {tables.Leases} WHERE lease_id = $id", connection);

    public bool Exists(long id)
    {
        Set(_exists, ("$id", id));
        return _exists.ExecuteScalar() is not null;
    }

    public bool Create(long id, string node, TimeSpan timeToLive) => Execute(_create, ("$id", id), ("$node", node), ("$ttl", (long)timeToLive.TotalMilliseconds)) == 1;

    public bool Renew(long id) => Execute(_renew, ("$id", id)) == 1;

    public bool Revoke(long id) => Execute(_revoke, ("$id", id)) == 1;

    /// <returns>Whether it does not exist any more.</returns>
    public bool Delete(long id, long? renewals) => Execute(_delete, ("$id", id), ("$renewals", renewals is { } expected ? expected : DBNull.Value)) == 1 || !Exists(id);

    public void Dispose()
    {
        foreach (var command in (SqliteCommand[])[_create, _renew, _revoke, _delete, _exists])
        {
            command.Dispose();
        }
    }

    private static int Execute(SqliteCommand command, params ReadOnlySpan<(string Name, object Value)> values)
    {
        Set(command, values);
        return command.ExecuteNonQuery();
    }

    private static void Set(SqliteCommand command, params ReadOnlySpan<(string Name, object Value)> values)
    {
        command.Parameters.Clear();
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }
    }
}
