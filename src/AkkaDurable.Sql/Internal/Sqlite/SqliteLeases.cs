using System.Data.Common;
using AkkaDurable.Sql.Internal.Reading;
using AkkaDurable.Sql.Internal.Writing;
using AkkaDurable.Storage;

namespace AkkaDurable.Sql.Internal.Sqlite;

/// <summary>
/// The leases in SQLite. A write goes to the front of the one writer and shares the commit of the next group: with a connection of its own it would compete
/// with the groups for the file's lock, which has no queue. Reading has a connection of its own.
/// </summary>
internal sealed class SqliteLeases(
    GroupWriter writer,
    TableNames tables,
    string database,
    Func<Func<DbConnection, CancellationToken, Task<IReadOnlyList<NodeLease>>>, CancellationToken, Task<IReadOnlyList<NodeLease>>> query) : INodeLeaseStore
{
    private readonly LeaseQuery _query = new(tables);

    public async ValueTask CreateLeaseAsync(long id, string node, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
        await WriteAsync(id, statements => statements.Create(id, node, timeToLive), cancellationToken);

    public ValueTask<bool> RenewLeaseAsync(long id, CancellationToken cancellationToken = default) => WriteAsync(id, statements => statements.Renew(id), cancellationToken);

    public async ValueTask RevokeLeaseAsync(long id, CancellationToken cancellationToken = default) => await WriteAsync(id, statements => statements.Revoke(id), cancellationToken);

    public ValueTask<bool> DeleteLeaseAsync(long id, long? renewals = null, CancellationToken cancellationToken = default) =>
        WriteAsync(id, statements => statements.Delete(id, renewals), cancellationToken);

    public async ValueTask<IReadOnlyList<NodeLease>> ListLeasesAsync(CancellationToken cancellationToken = default) => await query(_query.ListAsync, cancellationToken);

    private ValueTask<bool> WriteAsync(long id, Func<SqliteLeaseStatements, bool> run, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<bool>(cancellationToken);
        }

        var operation = new SqliteLeaseOperation(id, run, cancellationToken);
        return writer.TryAddFirst(operation)
            ? operation.Waiting
            : ValueTask.FromException<bool>(StoreUnavailableException.NotApplied($"{database}: the store is closed; this was not written."));
    }
}
