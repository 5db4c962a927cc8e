namespace AkkaDurable.Storage;

/// <summary>
/// The leases of the nodes, beside the records that they claim. A lease that was deleted never comes back, which is what a claim rests on: it is granted only when the lease that a record is held under is gone.
/// </summary>
/// <remarks>
/// Safe to be called from many threads at once. Renewals must not wait behind other work of the store, however much of it there is: a node whose renewals come late stops answering.
/// </remarks>
public interface INodeLeaseStore
{
    /// <summary>Creates a lease, not renewed yet and not revoked.</summary>
    /// <param name="id">A random number, never 0 and never used before.</param>
    /// <param name="node">The node, for people to read.</param>
    /// <param name="timeToLive">How long a renewal is good for; to the millisecond.</param>
    /// <param name="cancellationToken">Gives up waiting; the lease may still be created.</param>
    /// <returns>A task that ends when the lease exists.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be reached, or the end of the write is not known.</exception>
    ValueTask CreateLeaseAsync(long id, string node, TimeSpan timeToLive, CancellationToken cancellationToken = default);

    /// <summary>Renews a lease: adds one to its renewals, if it exists and is not revoked.</summary>
    /// <param name="id">Which lease.</param>
    /// <param name="cancellationToken">Gives up waiting; the renewal may still happen.</param>
    /// <returns><see langword="false"/>: it does not exist any more, or is revoked; it will never be renewed again.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be reached, or the end of the write is not known.</exception>
    ValueTask<bool> RenewLeaseAsync(long id, CancellationToken cancellationToken = default);

    /// <summary>Takes a lease away from its node, from its next renewal on. It goes on existing until it is deleted.</summary>
    /// <param name="id">Which lease. One that does not exist is no error.</param>
    /// <param name="cancellationToken">Gives up waiting; it may still happen.</param>
    /// <returns>A task that ends when no renewal can succeed any more.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be reached, or the end of the write is not known.</exception>
    ValueTask RevokeLeaseAsync(long id, CancellationToken cancellationToken = default);

    /// <summary>Deletes a lease. What was claimed under it can be claimed by others from then on.</summary>
    /// <param name="id">Which lease.</param>
    /// <param name="renewals">Only while it has been renewed so often; <see langword="null"/>: in any case.</param>
    /// <param name="cancellationToken">Gives up waiting; it may still happen.</param>
    /// <returns><see langword="true"/>: it does not exist any more, deleted by this call or before. <see langword="false"/>: it has been renewed since, and stays.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be reached, or the end of the write is not known.</exception>
    ValueTask<bool> DeleteLeaseAsync(long id, long? renewals = null, CancellationToken cancellationToken = default);

    /// <summary>Reads all leases.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The leases, in no order.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be reached.</exception>
    ValueTask<IReadOnlyList<NodeLease>> ListLeasesAsync(CancellationToken cancellationToken = default);
}
