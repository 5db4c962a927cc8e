using AkkaDurable.Internal.Storage;
using AkkaDurable.Journal.Internal.Records;
using AkkaDurable.Storage;

namespace AkkaDurable.Journal.Internal.Index;

/// <summary>Lists and counts records: the index says which there may be, and each is read for what it is.</summary>
internal sealed class RecordLister(TypeIndexes indexes, RecordReader reader, RecordLanes lanes, RecordOperations operations)
{
    private const int MaxChunk = 500;

    public async Task<IReadOnlyList<StoredServer>> ListAsync(ServerQuery query, CancellationToken cancellationToken)
    {
        var keys = await indexes.Of(query.ServerType).KeysAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        var page = new List<StoredServer>();
        var next = First(keys, query);
        while (page.Count < query.PageSize)
        {
            // As many as are missing, and a few more since some may not be there or not match.
            var chunk = keys.Skip(next).Take(Math.Min(MaxChunk, query.PageSize - page.Count + 4)).Where(key => Matches(key, query)).ToList();
            if (chunk.Count == 0)
            {
                break;
            }

            next += chunk.Count;
            var records = await ReadAsync(query.ServerType, chunk, query.IncludeState, cancellationToken).ConfigureAwait(false);
            page.AddRange(records.Where(record => query.Status is not { } status || record.Status == status));
        }

        return page.Count <= query.PageSize ? page : page[..query.PageSize];
    }

    public async Task<IReadOnlyDictionary<ServerStatus, long>> CountAsync(string serverType, CancellationToken cancellationToken)
    {
        var counts = new Dictionary<ServerStatus, long>();
        var keys = await indexes.Of(serverType).KeysAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        foreach (var chunk in keys.Chunk(MaxChunk))
        {
            foreach (var record in await ReadAsync(serverType, chunk, includeState: false, cancellationToken).ConfigureAwait(false))
            {
                counts[record.Status] = counts.GetValueOrDefault(record.Status) + 1;
            }
        }

        return counts;
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
    private static int First(IReadOnlyList<string> keys, ServerQuery query)
    {
        var (low, high) = (0, keys.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            var isBefore = (query.AfterKey is { } after && Utf8OrdinalComparer.Instance.Compare(keys[middle], after) <= 0)
                || (query.KeyPrefix is { } prefix && Utf8OrdinalComparer.Instance.Compare(keys[middle], prefix) < 0);
            (low, high) = isBefore ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static bool Matches(string key, ServerQuery query) => query.KeyPrefix is not { } prefix || key.StartsWith(prefix, StringComparison.Ordinal);
}
