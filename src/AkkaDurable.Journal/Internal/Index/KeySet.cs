using AkkaDurable.Journal.Internal.Events.V1;

namespace AkkaDurable.Journal.Internal.Index;

/// <summary>
/// The keys in one part of an index, folded from its events. Each key comes with the sequence number at which its record began. A removal names the one at which a record ended, and takes away only what began before it:
/// so it does not matter in which order the changes of a key reach the index, and a late removal never takes away a record that was made anew.
/// </summary>
internal sealed class KeySet
{
    private readonly Dictionary<string, long> _begins = new(StringComparer.Ordinal);

    public int Count => _begins.Count;

    public IEnumerable<string> Keys => _begins.Keys;

    public bool Holds(string key, long begin) => _begins.TryGetValue(key, out var known) && known >= begin;

    /// <summary>Whether a removal would take the key away.</summary>
    public bool IsEndedBy(string key, long end) => _begins.TryGetValue(key, out var begin) && begin < end;

    public void Clear() => _begins.Clear();

    public void Apply(IEnumerable<IndexEntry> added, IEnumerable<IndexEntry> removed)
    {
        foreach (var entry in added)
        {
            if (!Holds(entry.Key, entry.SequenceNr))
            {
                _begins[entry.Key] = entry.SequenceNr;
            }
        }

        foreach (var entry in removed)
        {
            if (IsEndedBy(entry.Key, entry.SequenceNr))
            {
                _begins.Remove(entry.Key);
            }
        }
    }

    public IEnumerable<IndexEntry> Entries() => _begins.Select(entry => new IndexEntry { Key = entry.Key, SequenceNr = entry.Value });
}
