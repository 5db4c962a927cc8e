using AkkaDurable.Placement;

namespace AkkaDurable.Storage;

/// <summary>
/// Where the state of servers is kept. One record a server; the owner is fenced by compare-and-swap.
/// </summary>
/// <remarks>
/// <para>All members are safe to be called from many threads at once. A store that cannot be reached, or that cannot say how a write ended, throws
/// <see cref="StoreUnavailableException"/>; after a write that threw, the caller must assume that it may have happened or may still happen, and claim again before going on.</para>
/// <para>Every implementation must pass the contract test suite (<c>StateStoreContract</c> in the repository's <c>tests/AkkaDurable.TestSupport</c>).</para>
/// </remarks>
public interface IStateStore : INodeLeaseStore, IAsyncDisposable
{
    /// <summary>Creates or upgrades what the store needs and checks that it can be used. Called once at startup, before anything else; may be called again.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>A task that ends when the store is ready.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be reached or used.</exception>
    /// <exception cref="StoreSchemaException">What is stored was made by something else or by a newer version.</exception>
    Task PrepareAsync(CancellationToken cancellationToken = default);

    /// <summary>Checks that the store answers; meant for health checks.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>A task that ends when the store answered.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    Task PingAsync(CancellationToken cancellationToken = default);

    /// <summary>Records the number of shards of a server type at its first registration, and returns the recorded number ever after.</summary>
    /// <param name="serverType">The server type.</param>
    /// <param name="shardCount">The number of shards that the caller wants.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The number of shards that is recorded, which may differ from <paramref name="shardCount"/>.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be reached.</exception>
    Task<int> RegisterTypeAsync(string serverType, int shardCount, CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes the caller the owner of a record and returns what is stored: one step, creating the record when there is none. A record that is held under a lease that exists, and is not the
    /// caller's, is not granted: its node may still answer for it.
    /// </summary>
    /// <param name="request">What to claim and for whom.</param>
    /// <param name="cancellationToken">Gives up waiting; the claim may still happen.</param>
    /// <returns>The record and whether it is now the caller's.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be reached, or the end of the claim is not known.</exception>
    ValueTask<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken = default);

    /// <summary>Writes a record by compare-and-swap on token and revision. When it returns <see cref="SaveOutcome.Saved"/> the write survives a crash of everything.</summary>
    /// <param name="request">What to write. Its state must not be changed until the task has ended.</param>
    /// <param name="cancellationToken">Gives up waiting; the write may still happen.</param>
    /// <returns>Whether it was written.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be reached, or the end of the write is not known.</exception>
    ValueTask<SaveOutcome> SaveAsync(SaveRequest request, CancellationToken cancellationToken = default);

    /// <summary>Deletes a record by compare-and-swap on its claim; the revision does not matter.</summary>
    /// <param name="id">Which server.</param>
    /// <param name="token">The token of the caller's claim.</param>
    /// <param name="cancellationToken">Gives up waiting; the delete may still happen.</param>
    /// <returns><see cref="SaveOutcome.Saved"/> when it was deleted, <see cref="SaveOutcome.Conflict"/> when the claim is not the newest or there is no record.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be reached, or the end of the delete is not known.</exception>
    ValueTask<SaveOutcome> DeleteAsync(ServerId id, ClaimToken token, CancellationToken cancellationToken = default);

    /// <summary>Reads one record, with its state.</summary>
    /// <param name="id">Which server.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The record, or <see langword="null"/> when there is none.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be reached.</exception>
    ValueTask<StoredServer?> ReadAsync(ServerId id, CancellationToken cancellationToken = default);

    /// <summary>Reads one page of records, in the order of their keys. A page that is shorter than <see cref="ServerQuery.PageSize"/> is the last.</summary>
    /// <param name="query">Which records.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The records of the page.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="ServerQuery.PageSize"/> is not within 1 to 1,000.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot be reached.</exception>
    Task<IReadOnlyList<StoredServer>> ListAsync(ServerQuery query, CancellationToken cancellationToken = default);

    /// <summary>Reads one page of permanent servers that run nowhere, in the order of their keys, without states. A page that is shorter than <see cref="OrphanQuery.PageSize"/> is the last.</summary>
    /// <param name="query">Which records.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The records of the page.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="OrphanQuery.PageSize"/> is not within 1 to 1,000.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot be reached.</exception>
    Task<IReadOnlyList<StoredServer>> ListOrphansAsync(OrphanQuery query, CancellationToken cancellationToken = default);

    /// <summary>Counts records by status.</summary>
    /// <param name="query">Which records; its page is not looked at.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The number of records of each status that occurs.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be reached.</exception>
    Task<IReadOnlyDictionary<ServerStatus, long>> CountAsync(ServerQuery query, CancellationToken cancellationToken = default);

    /// <summary>Where the places of shards are kept, so that a shard finds its way home even after all nodes were down.</summary>
    /// <value><see langword="null"/>: the store keeps none; then they are known only to the running cluster. Usable after <see cref="PrepareAsync"/>.</value>
    IPlacementHistory? PlacementHistory => null;
}
