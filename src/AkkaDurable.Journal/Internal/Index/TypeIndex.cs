using System.Collections.Concurrent;
using System.Text;
using AkkaDurable.Internal.Storage;
using AkkaDurable.Journal.Internal.Streams;

namespace AkkaDurable.Journal.Internal.Index;

/// <summary>
/// The keys of a server type. It holds every key that has a record, and for a while some that have none any more: a key is added before its record is made, and removed after it was deleted. Safe for concurrent use.
/// </summary>
internal sealed class TypeIndex
{
    // Never to be changed: it says where a key is.
    private const int PartCount = 8;

    private readonly IndexPart[] _parts;
    private readonly ConcurrentDictionary<(string Key, long End), bool> _cleaning = new();
    private (long Version, string[] Keys) _sorted = (-1, []);

    public TypeIndex(EventWriter writer, Trimmer trimmer, PersistenceIds ids, string serverType) =>
        _parts = [.. Enumerable.Range(0, PartCount).Select(part => new IndexPart(writer, trimmer, serverType, ids.Index(serverType, part)))];

    /// <summary>Ends when the index knows the key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="begin">Where its record will begin in its stream.</param>
    public Task AddAsync(string key, long begin) => PartOf(key).AddAsync(key, begin);

    /// <summary>Whether somebody should clean up after a deleted record; the same one is named once.</summary>
    public bool TryBeginCleanUp(string key, long end) => _cleaning.TryAdd((key, end), true);

    public async Task EndCleanUpAsync(string key, long end, bool isDone)
    {
        try
        {
            if (isDone)
            {
                await PartOf(key).RemoveAsync(key, end).ConfigureAwait(false);
            }
        }
        finally
        {
            _cleaning.TryRemove((key, end), out _);
        }
    }

    /// <summary>All keys, ordered by their UTF-8 bytes.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync()
    {
        await Task.WhenAll(_parts.Select(part => part.RefreshAsync())).ConfigureAwait(false);
        lock (_parts)
        {
            var version = _parts.Sum(part => part.Version);
            if (_sorted.Version != version)
            {
                var keys = _parts.SelectMany(part => part.CopyKeys()).ToArray();
                Array.Sort(keys, Utf8OrdinalComparer.Instance);
                _sorted = (version, keys);
            }

            return _sorted.Keys;
        }
    }

    // FNV-1a, which is the same everywhere.
    private IndexPart PartOf(string key)
    {
        var hash = 2166136261;
        foreach (var unit in Encoding.UTF8.GetBytes(key))
        {
            hash = (hash ^ unit) * 16777619;
        }

        return _parts[hash % PartCount];
    }
}
