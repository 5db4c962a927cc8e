using AkkaDurable.Storage;

namespace AkkaDurable.Sql;

public sealed partial class SqlStateStore
{
    /// <inheritdoc/>
    public ValueTask CreateLeaseAsync(long id, string node, TimeSpan timeToLive, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(node);
        return Closed() is { } closed ? ValueTask.FromException(closed) : _leases.CreateLeaseAsync(id, node, timeToLive, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<bool> RenewLeaseAsync(long id, CancellationToken cancellationToken = default) =>
        Closed() is { } closed ? ValueTask.FromException<bool>(closed) : _leases.RenewLeaseAsync(id, cancellationToken);

    /// <inheritdoc/>
    public ValueTask RevokeLeaseAsync(long id, CancellationToken cancellationToken = default) =>
        Closed() is { } closed ? ValueTask.FromException(closed) : _leases.RevokeLeaseAsync(id, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> DeleteLeaseAsync(long id, long? renewals = null, CancellationToken cancellationToken = default) =>
        Closed() is { } closed ? ValueTask.FromException<bool>(closed) : _leases.DeleteLeaseAsync(id, renewals, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<NodeLease>> ListLeasesAsync(CancellationToken cancellationToken = default) =>
        Closed() is { } closed ? ValueTask.FromException<IReadOnlyList<NodeLease>>(closed) : _leases.ListLeasesAsync(cancellationToken);
}
