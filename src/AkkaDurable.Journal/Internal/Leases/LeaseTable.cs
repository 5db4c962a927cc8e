using AkkaDurable.Journal.Internal.Events.V1;
using AkkaDurable.Journal.Internal.Streams;
using AkkaDurable.Storage;

namespace AkkaDurable.Journal.Internal.Leases;

/// <summary>
/// The leases of all nodes: one stream, each event of which is the whole table. Nodes are few and renew every second or so, so their appends seldom meet; one that finds its number taken reads the newer table and tries
/// again. Safe for concurrent use.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "The semaphore holds nothing that must be freed, and changes may end after the store was closed.")]
internal sealed class LeaseTable(EventWriter writer, Trimmer trimmer, PersistenceIds ids, int trimAfter)
{
    private const int MaxRounds = 1_000;

    private readonly SemaphoreSlim _gate = new(1);
    private LeasesEvent _table = new();
    private long _sequenceNr;
    private long _trimmedTo;
    private long _refreshes;
    private int _isTrimming;
    private StoreClock.Moment _known;

    public Task CreateAsync(long id, string node, TimeSpan timeToLive) => ChangeAsync(id, (table, found) =>
    {
        if (found is null)
        {
            table.Leases.Add(new Lease { Id = id, Node = node, TimeToLiveMs = (long)timeToLive.TotalMilliseconds });
        }

        return found is null;
    });

    /// <summary>Renews a lease; <see langword="false"/>: it is gone, or revoked.</summary>
    public async Task<bool> RenewAsync(long id) => await ChangeAsync(id, static (_, found) =>
    {
        if (found is null || found.IsRevoked)
        {
            return false;
        }

        found.Renewals++;
        return true;
    }).ConfigureAwait(false);

    public Task RevokeAsync(long id) => ChangeAsync(id, static (_, found) =>
    {
        if (found is null || found.IsRevoked)
        {
            return false;
        }

        found.IsRevoked = true;
        return true;
    });

    /// <summary>Deletes a lease; <see langword="false"/>: it was renewed since, and stays.</summary>
    public async Task<bool> DeleteAsync(long id, long? renewals)
    {
        var isKept = false;
        await ChangeAsync(id, (table, found) =>
        {
            isKept = found is not null && renewals is { } expected && found.Renewals != expected;
            return found is not null && !isKept && table.Leases.Remove(found);
        }).ConfigureAwait(false);
        return !isKept;
    }

    public async Task<bool> ExistsAsync(long id) => (await CurrentAsync().ConfigureAwait(false)).Leases.Any(lease => lease.Id == id);

    public async Task<IReadOnlyList<NodeLease>> ListAsync() =>
        [.. (await CurrentAsync().ConfigureAwait(false)).Leases.Select(lease => new NodeLease(lease.Id, lease.Node, TimeSpan.FromMilliseconds(lease.TimeToLiveMs), lease.Renewals, lease.IsRevoked))];

    /// <summary>The table as it is stored. Tables do not change once they are handed out.</summary>
    private async Task<LeasesEvent> CurrentAsync()
    {
        var seen = Interlocked.Read(ref _refreshes);
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            // A refresh that began after this was asked will do: many claims ask at once when a node was lost.
            if (Interlocked.Read(ref _refreshes) == seen)
            {
                await RefreshAsync().ConfigureAwait(false);
            }

            return _table;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Changes the newest table. The change may be asked several times, each time with a newer table, and says whether there is anything to write.</summary>
    private async Task<bool> ChangeAsync(long id, Func<LeasesEvent, Lease?, bool> change)
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            for (var round = 1; round <= MaxRounds; round++)
            {
                await RefreshAsync().ConfigureAwait(false);
                var next = _table.Clone();
                if (!change(next, next.Leases.FirstOrDefault(lease => lease.Id == id)))
                {
                    return false;
                }

                var sequenceNr = _sequenceNr + 1;
                if (await writer.AppendAsync(ids.Leases, sequenceNr, next, _known, _trimmedTo).ConfigureAwait(false) == AppendOutcome.Written)
                {
                    (_table, _sequenceNr) = (next, sequenceNr);
                    Trim();
                    return true;
                }
            }

            throw new StoreUnavailableException($"{ids.Leases} could not be appended to: others were first each time.");
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task RefreshAsync()
    {
        Interlocked.Increment(ref _refreshes);
        var known = writer.Clock.Now();
        var highest = await writer.Journal.HighestAsync(ids.Leases).ConfigureAwait(false);
        if (highest != _sequenceNr)
        {
            var (stored, _) = await writer.Journal.ReadAsync(ids.Leases, highest).ConfigureAwait(false);
            _table = stored?.Event as LeasesEvent
                ?? throw new StoreSchemaException($"The journal {writer.Journal.PluginId} does not hold the table of leases in {ids.Leases} at {highest}.");
            _sequenceNr = highest;
            _trimmedTo = Math.Max(_trimmedTo, _table.Stamp?.TrimmedTo ?? 0);
        }

        _known = known;
    }

    private void Trim()
    {
        if (_sequenceNr - _trimmedTo <= trimAfter || Interlocked.Exchange(ref _isTrimming, 1) != 0)
        {
            return;
        }

        var upTo = _sequenceNr - 1;
        trimmer.Schedule(writer.Journal, ids.Leases, upTo, isDone =>
        {
            if (isDone)
            {
                _trimmedTo = upTo;
            }

            Interlocked.Exchange(ref _isTrimming, 0);
            return Task.CompletedTask;
        });
    }
}
