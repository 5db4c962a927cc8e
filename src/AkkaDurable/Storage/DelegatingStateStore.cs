using AkkaDurable.Placement;

namespace AkkaDurable.Storage;

/// <summary>A store that hands everything on to another one. Derive from it to change single operations, as <see cref="System.Net.Http.DelegatingHandler"/> does for HTTP. As safe for concurrent use as the inner store.</summary>
/// <param name="inner">The store that does the work. It is disposed of with this one.</param>
public abstract class DelegatingStateStore(IStateStore inner) : IStateStore
{
    /// <summary>The store that does the work.</summary>
    protected IStateStore Inner { get; } = inner ?? throw new ArgumentNullException(nameof(inner));

    /// <inheritdoc/>
    public virtual IPlacementHistory? PlacementHistory => Inner.PlacementHistory;

    /// <inheritdoc/>
    public virtual Task PrepareAsync(CancellationToken cancellationToken = default) => Inner.PrepareAsync(cancellationToken);

    /// <inheritdoc/>
    public virtual Task PingAsync(CancellationToken cancellationToken = default) => Inner.PingAsync(cancellationToken);

    /// <inheritdoc/>
    public virtual Task<int> RegisterTypeAsync(string serverType, int shardCount, CancellationToken cancellationToken = default) =>
        Inner.RegisterTypeAsync(serverType, shardCount, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken = default) => Inner.ClaimAsync(request, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<SaveOutcome> SaveAsync(SaveRequest request, CancellationToken cancellationToken = default) => Inner.SaveAsync(request, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<SaveOutcome> DeleteAsync(ServerId id, ClaimToken token, CancellationToken cancellationToken = default) => Inner.DeleteAsync(id, token, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<StoredServer?> ReadAsync(ServerId id, CancellationToken cancellationToken = default) => Inner.ReadAsync(id, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<StoredServer>> ListAsync(ServerQuery query, CancellationToken cancellationToken = default) => Inner.ListAsync(query, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyList<StoredServer>> ListOrphansAsync(OrphanQuery query, CancellationToken cancellationToken = default) => Inner.ListOrphansAsync(query, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<IReadOnlyDictionary<ServerStatus, long>> CountAsync(ServerQuery query, CancellationToken cancellationToken = default) => Inner.CountAsync(query, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask CreateLeaseAsync(long id, string node, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
        Inner.CreateLeaseAsync(id, node, timeToLive, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<bool> RenewLeaseAsync(long id, CancellationToken cancellationToken = default) => Inner.RenewLeaseAsync(id, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask RevokeLeaseAsync(long id, CancellationToken cancellationToken = default) => Inner.RevokeLeaseAsync(id, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<bool> DeleteLeaseAsync(long id, long? renewals = null, CancellationToken cancellationToken = default) => Inner.DeleteLeaseAsync(id, renewals, cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask<IReadOnlyList<NodeLease>> ListLeasesAsync(CancellationToken cancellationToken = default) => Inner.ListLeasesAsync(cancellationToken);

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Inner.DisposeAsync();
    }
}
