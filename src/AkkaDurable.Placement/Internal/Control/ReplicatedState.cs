namespace AkkaDurable.Placement.Internal.Control;

/// <summary>The facts that each node knows: drains, cordons, moves that operators asked for, what is left on draining nodes. Last writer wins. Its owner locks.</summary>
internal sealed class ReplicatedState(string self)
{
    private readonly Dictionary<string, StateEntry> _entries = new(StringComparer.Ordinal);

    public IReadOnlyCollection<StateEntry> Entries => _entries.Values;

    public StateEntry? Find(string key) => _entries.GetValueOrDefault(key);

    public StateEntry Say(string key, string value, DateTimeOffset now)
    {
        // A word on an older one is later than that one, whatever the clocks say.
        var at = Math.Max(now.UtcTicks, (Find(key)?.At ?? 0) + 1);
        return _entries[key] = new StateEntry(key, value, at, self);
    }

    /// <summary>Takes what others say. Returns what was news.</summary>
    public List<StateEntry> Merge(IEnumerable<StateEntry> entries)
    {
        var news = new List<StateEntry>();
        foreach (var entry in entries)
        {
            if (Find(entry.Key) is not { } known || entry.IsLaterThan(known))
            {
                _entries[entry.Key] = entry;
                news.Add(entry);
            }
        }

        return news;
    }

    /// <summary>Drops what is older than a while and for which the predicate holds.</summary>
    public void Drop(DateTimeOffset before, Func<StateEntry, bool> isOver)
    {
        foreach (var entry in _entries.Values.Where(entry => entry.At < before.UtcTicks && isOver(entry)).ToArray())
        {
            _entries.Remove(entry.Key);
        }
    }
}
