namespace AkkaDurable.Internal.Leases;

/// <summary>What servers need of their node's lease.</summary>
internal interface INodeLease
{
    /// <summary>The newest term. It need not be fresh, and may be lost.</summary>
    LeaseTerm Term { get; }

    /// <summary>Whether the lease is not fresh because the store does not answer.</summary>
    bool IsStoreAway { get; }

    /// <summary>Ends when something about the lease has changed, or an attempt to change it has failed.</summary>
    Task ChangedAsync();

    /// <summary>Waits for a fresh term.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    ValueTask<LeaseTerm> FreshAsync();

    /// <summary>Waits until a lease of another node, which holds a record that this node is to own, is gone; takes it away if need be.</summary>
    /// <param name="leaseId">The other lease.</param>
    /// <returns>False: it is not this node's to take it away.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    Task<bool> UntilGoneAsync(long leaseId);

    /// <summary>Leases of other nodes that have run out, as far as this node has seen, though they still exist.</summary>
    IReadOnlyList<long> RunOut();
}
