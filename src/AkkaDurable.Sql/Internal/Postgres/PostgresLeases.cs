using AkkaDurable.Sql.Internal.Reading;
using AkkaDurable.Storage;
using Npgsql;

namespace AkkaDurable.Sql.Internal.Postgres;

/// <summary>The leases in PostgreSQL, over connections that nothing else uses.</summary>
/// <remarks>
/// Commits must be on the disk here too: after a crash of the server a renewal must not be forgotten that its node counts on, nor a deleted lease be back.
/// </remarks>
internal sealed class PostgresLeases(PostgresConnections connections, TableNames tables, TimeSpan timeout) : INodeLeaseStore
{
    private readonly LeaseQuery _query = new(tables);
    private readonly string _create = $"INSERT INTO {tables.Leases} (lease_id, node, time_to_live, renewals, revoked) VALUES ($1, $2, $3, 0, FALSE) ON CONFLICT (lease_id) DO NOTHING";
    private readonly string _renew = $"UPDATE {tables.Leases} SET renewals = renewals + 1 WHERE lease_id = $1 AND NOT revoked";
    private readonly string _revoke = $"UPDATE {tables.Leases} SET revoked = TRUE WHERE lease_id = $1";
    private readonly string _delete = $"DELETE FROM {tables.Leases} WHERE lease_id = $1 AND renewals = COALESCE($2, renewals)";
    private readonly string _gone = $"SELECT NOT EXISTS (SELECT FROM {tables.Leases} WHERE lease_id = $1)";

    public async ValueTask CreateLeaseAsync(long id, string node, TimeSpan timeToLive, CancellationToken cancellationToken = default) => await connections.RunAsync(
        "the lease could not be created",
        connection => ExecuteAsync(connection, Command(_create, Of(id), new NpgsqlParameter<string> { TypedValue = node }, Of((long)timeToLive.TotalMilliseconds)), cancellationToken),
        cancellationToken,

        // Not after a connection broke: should it have been created and then deleted by somebody, it must not come back.
        again: false);

    public async ValueTask<bool> RenewLeaseAsync(long id, CancellationToken cancellationToken = default) =>
        await connections.RunAsync("the lease could not be renewed", connection => ExecuteAsync(connection, Command(_renew, Of(id)), cancellationToken), cancellationToken) == 1;

    public async ValueTask RevokeLeaseAsync(long id, CancellationToken cancellationToken = default) =>
        await connections.RunAsync("the lease could not be revoked", connection => ExecuteAsync(connection, Command(_revoke, Of(id)), cancellationToken), cancellationToken);

    public async ValueTask<bool> DeleteLeaseAsync(long id, long? renewals = null, CancellationToken cancellationToken = default) => await connections.RunAsync(
        "the lease could not be deleted",
        async connection =>
        {
            // Two statements: the second sees what others did while the first waited for them.
            await using var batch = Batch(connection, Command(_delete, Of(id), new NpgsqlParameter<long?> { TypedValue = renewals }), Command(_gone, Of(id)));
            return (bool)(await batch.ExecuteScalarAsync(cancellationToken))!;
        },
        cancellationToken);

    public async ValueTask<IReadOnlyList<NodeLease>> ListLeasesAsync(CancellationToken cancellationToken = default) =>
        await connections.RunAsync("the leases could not be read", connection => _query.ListAsync(connection, cancellationToken), cancellationToken);

    private async Task<int> ExecuteAsync(NpgsqlConnection connection, NpgsqlBatchCommand command, CancellationToken cancellationToken)
    {
        await using var batch = Batch(connection, command);
        return await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private NpgsqlBatch Batch(NpgsqlConnection connection, params ReadOnlySpan<NpgsqlBatchCommand> commands)
    {
        var batch = new NpgsqlBatch(connection) { Timeout = (int)timeout.TotalSeconds };
        foreach (var command in commands)
        {
            batch.BatchCommands.Add(command);
        }

        return batch;
    }

    private static NpgsqlBatchCommand Command(string text, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(text);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static NpgsqlParameter<long> Of(long value) => new() { TypedValue = value };
}
