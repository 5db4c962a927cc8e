using System.Diagnostics.CodeAnalysis;
using AkkaDurable.Internal.Storage;

using AkkaDurable.Placement;

namespace AkkaDurable.Storage;

/// <summary>A state store in the memory of this process, for tests and trials. It keeps all promises of <see cref="IStateStore"/> but the one to survive the process.</summary>
/// <remarks>
/// Several actor systems of one process may share an instance; they then see the same records. Every operation completes before it returns.
/// Disposing it changes nothing: what is stored stays and can be used, as a database outlives its connections.
/// </remarks>
public sealed class InMemoryStateStore : IStateStore
{
    private const int MaxPageSize = 1_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Dictionary<string, StoredServer>> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _shardCounts = new(StringComparer.Ordinal);
    private readonly InMemoryLeases _leases = new();
    private readonly TimeProvider _timeProvider;

    /// <summary>Makes an empty store.</summary>
    /// <param name="timeProvider">The clock of <see cref="StoredServer.CreatedAt"/> and <see cref="StoredServer.UpdatedAt"/>; left out, that of the system.</param>
    public InMemoryStateStore(TimeProvider? timeProvider = null) => _timeProvider = timeProvider ?? TimeProvider.System;

    /// <inheritdoc/>
    public IPlacementHistory? PlacementHistory { get; } = new InMemoryPlacementHistory();

    /// <inheritdoc/>
    public Task PrepareAsync(CancellationToken cancellationToken = default) => PingAsync(cancellationToken);

    /// <inheritdoc/>
    public Task PingAsync(CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? Task.FromCanceled(cancellationToken) : Task.CompletedTask;

    /// <inheritdoc/>
    public Task<int> RegisterTypeAsync(string serverType, int shardCount, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<int>(cancellationToken);
        }

        lock (_gate)
        {
            _shardCounts.TryAdd(serverType, shardCount);
            return Task.FromResult(_shardCounts[serverType]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<ClaimResult>(cancellationToken);
        }

        lock (_gate)
        {
            var now = _timeProvider.GetUtcNow();
            if (!TryFind(request.Id, out var found))
            {
                var created = new StoredServer(request.Id, new ClaimToken(1, request.ClaimId), 0, ServerStatus.Running, request.Owner, 0, null, now, now)
                {
                    LeaseId = request.LeaseId,
                    Region = request.Region,
                };
                Put(created);
                return ValueTask.FromResult(new ClaimResult(true, created, null));
            }

            if (!MayClaim(found, request))
            {
                return ValueTask.FromResult(new ClaimResult(false, found, found.Status));
            }

            if (found.LeaseId != 0 && found.LeaseId != request.LeaseId && _leases.Exists(found.LeaseId))
            {
                return ValueTask.FromResult(new ClaimResult(false, found, found.Status) { IsHeld = true });
            }

            var claimed = found with
            {
                Token = new ClaimToken(found.Token.Epoch + 1, request.ClaimId),
                Status = ServerStatus.Running,
                Owner = request.Owner,
                LeaseId = request.LeaseId,
                Region = request.Region,
                UpdatedAt = now,
            };
            Put(claimed);
            return ValueTask.FromResult(new ClaimResult(true, claimed, found.Status));
        }
    }

    /// <inheritdoc/>
    public ValueTask<SaveOutcome> SaveAsync(SaveRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<SaveOutcome>(cancellationToken);
        }

        // Copied before the lock is taken: the caller's buffer may be a pooled one, and a big copy should not hold up the others.
        var state = request.State is { } given ? new ReadOnlyMemory<byte>(given.ToArray()) : (ReadOnlyMemory<byte>?)null;
        var calls = request.RecentCalls is { } remembered ? new ReadOnlyMemory<byte>(remembered.ToArray()) : (ReadOnlyMemory<byte>?)null;
        var crashes = request.Crashes is { } told ? new ReadOnlyMemory<byte>(told.ToArray()) : (ReadOnlyMemory<byte>?)null;
        lock (_gate)
        {
            if (!TryFind(request.Id, out var found) || found.Token != request.Token || found.Revision != request.Revision)
            {
                return ValueTask.FromResult(SaveOutcome.Conflict);
            }

            Put(found with
            {
                Revision = found.Revision + 1,
                Status = request.Status,
                StateVersion = state is null ? found.StateVersion : request.StateVersion,
                State = state ?? found.State,
                RecentCalls = calls ?? found.RecentCalls,
                IsPermanent = request.IsPermanent ?? found.IsPermanent,
                Crashes = crashes ?? found.Crashes,
                LeaseId = request.Status == ServerStatus.Running ? found.LeaseId : 0,
                UpdatedAt = _timeProvider.GetUtcNow(),
            });
            return ValueTask.FromResult(SaveOutcome.Saved);
        }
    }

    /// <inheritdoc/>
    public ValueTask<SaveOutcome> DeleteAsync(ServerId id, ClaimToken token, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<SaveOutcome>(cancellationToken);
        }

        lock (_gate)
        {
            if (!TryFind(id, out var found) || found.Token != token)
            {
                return ValueTask.FromResult(SaveOutcome.Conflict);
            }

            _types[id.ServerType].Remove(id.Key);
            return ValueTask.FromResult(SaveOutcome.Saved);
        }
    }

    /// <inheritdoc/>
    public ValueTask<StoredServer?> ReadAsync(ServerId id, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<StoredServer?>(cancellationToken);
        }

        lock (_gate)
        {
            return ValueTask.FromResult(TryFind(id, out var found) ? found : null);
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredServer>> ListAsync(ServerQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.PageSize, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.PageSize, MaxPageSize, nameof(query));
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<IReadOnlyList<StoredServer>>(cancellationToken);
        }

        lock (_gate)
        {
            return Task.FromResult(Page(query.ServerType, query.PageSize, query.IncludeState, record => Matches(record, query) && IsAfter(record, query.AfterKey)));
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredServer>> ListOrphansAsync(OrphanQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.PageSize, 1, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.PageSize, MaxPageSize, nameof(query));
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<IReadOnlyList<StoredServer>>(cancellationToken);
        }

        lock (_gate)
        {
            return Task.FromResult(Page(query.ServerType, query.PageSize, includeState: false, record => IsOrphan(record, query) && IsAfter(record, query.AfterKey)));
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<ServerStatus, long>> CountAsync(ServerQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<IReadOnlyDictionary<ServerStatus, long>>(cancellationToken);
        }

        lock (_gate)
        {
            IReadOnlyDictionary<ServerStatus, long> counts = _types.TryGetValue(query.ServerType, out var records)
                ? records.Values.Where(record => Matches(record, query)).CountBy(record => record.Status).ToDictionary(entry => entry.Key, entry => (long)entry.Value)
                : new Dictionary<ServerStatus, long>();
            return Task.FromResult(counts);
        }
    }

    /// <inheritdoc/>
    public ValueTask CreateLeaseAsync(long id, string node, TimeSpan timeToLive, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        _leases.Create(id, node, timeToLive);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<bool> RenewLeaseAsync(long id, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<bool>(cancellationToken) : ValueTask.FromResult(_leases.Renew(id));

    /// <inheritdoc/>
    public ValueTask RevokeLeaseAsync(long id, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        _leases.Revoke(id);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteLeaseAsync(long id, long? renewals = null, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<bool>(cancellationToken) : ValueTask.FromResult(_leases.Delete(id, renewals));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<NodeLease>> ListLeasesAsync(CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<IReadOnlyList<NodeLease>>(cancellationToken) : ValueTask.FromResult(_leases.List());

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static bool MayClaim(StoredServer found, ClaimRequest request) =>
        found.StateVersion <= request.MaxStateVersion && found.Status switch
        {
            ServerStatus.Running or ServerStatus.StoppedGraceful or ServerStatus.Crashed => true,
            ServerStatus.StoppedPermanent or ServerStatus.PermanentlyCrashed => request.ExplicitStart,
            ServerStatus.Cordoned => request.EvenCordoned,
            _ => false,
        };

    private static bool Matches(StoredServer record, ServerQuery query) =>
        (query.Status is not { } status || record.Status == status)
        && (query.KeyPrefix is not { } prefix || record.Id.Key.StartsWith(prefix, StringComparison.Ordinal))
        && (query.Region is not { } region || record.Region == region)
        && (query.Owner is not { } owner || record.Owner == owner)
        && (query.IsPermanent is not { } permanent || record.IsPermanent == permanent);

    private static bool IsAfter(StoredServer record, string? key) => key is null || Utf8OrdinalComparer.Instance.Compare(record.Id.Key, key) > 0;

    private bool IsOrphan(StoredServer record, OrphanQuery query) => record.IsPermanent && record.Status switch
    {
        ServerStatus.StoppedGraceful or ServerStatus.Crashed => true,
        ServerStatus.Running => record.LeaseId == 0 ? !query.LiveOwners.Contains(record.Owner) : query.LostLeases.Contains(record.LeaseId) || !_leases.Exists(record.LeaseId),
        _ => false,
    };

    private IReadOnlyList<StoredServer> Page(string serverType, int size, bool includeState, Func<StoredServer, bool> wanted) =>
        _types.TryGetValue(serverType, out var records)
            ? [.. records.Values
                .Where(wanted)
                .OrderBy(record => record.Id.Key, Utf8OrdinalComparer.Instance)
                .Take(size)
                .Select(record => includeState ? record : record with { State = null, RecentCalls = default })]
            : [];

    private bool TryFind(ServerId id, [NotNullWhen(true)] out StoredServer? found)
    {
        found = null;
        return _types.TryGetValue(id.ServerType, out var records) && records.TryGetValue(id.Key, out found);
    }

    private void Put(StoredServer record)
    {
        if (!_types.TryGetValue(record.Id.ServerType, out var records))
        {
            _types[record.Id.ServerType] = records = new Dictionary<string, StoredServer>(StringComparer.Ordinal);
        }

        records[record.Id.Key] = record;
    }
}
