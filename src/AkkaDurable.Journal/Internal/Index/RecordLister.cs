using AkkaDurable.Internal.Storage;
using AkkaDurable.Journal.Internal.Leases;
using AkkaDurable.Journal.Internal.Records;
using AkkaDurable.Storage;

namespace AkkaDurable.Journal.Internal.Index;

/// <summary>Lists and counts records: the index says which there may be, and each is read for what it is.</summary>
internal sealed class RecordLister(TypeIndexes indexes, RecordReader reader, RecordLanes lanes, RecordOperations operations, LeaseTable leases)
{
    private const int MaxChunk = 500;

    public Task<IReadOnlyList<StoredServer>> ListAsync(ServerQuery query, CancellationToken cancellationToken) =>
        PageAsync(query.ServerType, query.KeyPrefix, query.AfterKey, query.PageSize, query.IncludeState, records => Task.FromResult(records.Where(record => Matches(record, query))), cancellationToken);

    /// <summary>Those that are to run always and run nowhere.</summary>
    public Task<IReadOnlyList<StoredServer>> ListOrphansAsync(OrphanQuery query, CancellationToken cancellationToken)
    {
        var owners = query.LiveOwners.ToHashSet(StringComparer.Ordinal);
        return PageAsync(query.ServerType, prefix: null, query.AfterKey, query.PageSize, includeState: false, OrphansAsync, cancellationToken);

        async Task<IEnumerable<StoredServer>> OrphansAsync(IEnumerable<StoredServer> records)
        {
            // The leases are read after the records: before, some would be missing under which records were claimed meanwhile.
            var permanent = records.Where(record => record.IsPermanent).ToList();
            var existing = permanent.Exists(record => record.LeaseId != 0) ? (await leases.ListAsync().ConfigureAwait(false)).Select(lease => lease.Id).ToHashSet() : [];
            return permanent.Where(record => record.Status switch
            {
                ServerStatus.StoppedGraceful or ServerStatus.Crashed => true,
                ServerStatus.Running => record.LeaseId == 0 ? !owners.Contains(record.Owner) : query.LostLeases.Contains(record.LeaseId) || !existing.Contains(record.LeaseId),
                _ => false,
            });
        }
    }

    public async Task<IReadOnlyDictionary<ServerStatus, long>> CountAsync(ServerQuery query, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<ServerStatus, long>();
        var keys = await indexes.Of(query.ServerType).KeysAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        foreach (var chunk in keys.Where(key => Matches(key, query.KeyPrefix)).Chunk(MaxChunk))
        {
            foreach (var record in (await ReadAsync(query.ServerType, chunk, includeState: false, cancellationToken).ConfigureAwait(false)).Where(record => Matches(record, query)))
            {
                counts[record.Status] = counts.GetValueOrDefault(record.Status) + 1;
            }
        }

        return counts;
    }

    private async Task<IReadOnlyList<StoredServer>> PageAsync(
        string serverType, string? prefix, string? after, int size, bool includeState, Func<IEnumerable<StoredServer>, Task<IEnumerable<StoredServer>>> narrow, CancellationToken cancellationToken)
    {
        var keys = await indexes.Of(serverType).KeysAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        var page = new List<StoredServer>();
        var next = First(keys, prefix, after);
        while (page.Count < size)
        {
            // As many as are missing, and a few more since some may not be there or not match.
            var chunk = keys.Skip(next).Take(Math.Min(MaxChunk, size - page.Count + 4)).Where(key => Matches(key, prefix)).ToList();
            if (chunk.Count == 0)
            {
                break;
            }

            next += chunk.Count;
            var records = await ReadAsync(serverType, chunk, includeState, cancellationToken).ConfigureAwait(false);
            page.AddRange(await narrow(records).WaitAsync(cancellationToken).ConfigureAwait(false));
        }

        return page.Count <= size ? page : page[..size];
    }

    private async Task<IEnumerable<StoredServer>> ReadAsync(string serverType, IEnumerable<string> keys, bool includeState, CancellationToken cancellationToken)
    {
        var reads = keys.Select(async key =>
        {
            var id = new ServerId(serverType, key);
            var remembered = lanes.Remembered(id);
            var (head, record) = includeState
                ? await reader.ReadAsync(id, remembered).ConfigureAwait(false)
                : await reader.ReadWithoutStateAsync(id, remembered).ConfigureAwait(false);
            if (record is null && head.SequenceNr > 0)
            {
                // Deleted, and whoever did that has not cleaned up, or not yet.
                operations.CleanUp(id, head.SequenceNr);
            }

            return record;
        });
        var records = await Task.WhenAll(reads).WaitAsync(cancellationToken).ConfigureAwait(false);
        return records.OfType<StoredServer>();
    }

    // Keys with one prefix lie together, since they are ordered by their bytes.
    private static int First(IReadOnlyList<string> keys, string? prefix, string? after)
    {
        var (low, high) = (0, keys.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            var isBefore = (after is not null && Utf8OrdinalComparer.Instance.Compare(keys[middle], after) <= 0)
                || (prefix is not null && Utf8OrdinalComparer.Instance.Compare(keys[middle], prefix) < 0);
            (low, high) = isBefore ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static bool Matches(string key, string? prefix) => prefix is null || key.StartsWith(prefix, StringComparison.Ordinal);

    private static bool Matches(StoredServer record, ServerQuery query) =>
        (query.Status is not { } status || record.Status == status)
        && (query.Region is not { } region || record.Region == region)
        && (query.Owner is not { } owner || record.Owner == owner)
        && (query.IsPermanent is not { } permanent || record.IsPermanent == permanent);
}
