using System.Diagnostics.CodeAnalysis;

namespace AkkaDurable.Internal.Groups.Replication;

/// <summary>
/// The entries of all nodes, as far as this node was told, and the one picture that follows from them. Each node tells only of what is with it, and two of them may tell of one server for a while: then the later run is the
/// one that is seen, and the end of the earlier one is told first. Pure; not safe for concurrent use.
/// </summary>
internal sealed class ReplicaTable
{
    private readonly Dictionary<NodeId, Dictionary<EntryId, Holding>> _nodes = [];
    private readonly Dictionary<EntryId, List<Holding>> _holdings = [];
    private readonly Dictionary<(string Cluster, string Group), Dictionary<string, Holding>> _groups = [];
    private readonly Dictionary<string, SortedSet<string>> _names = new(StringComparer.Ordinal);

    /// <summary>All entries that are seen.</summary>
    public IEnumerable<(Entry Entry, NodeId Node)> Seen => _holdings.Values.Select(Visible).OfType<Holding>().Select(holding => (holding.Entry, holding.Node));

    /// <summary>A node tells of an entry.</summary>
    public void Put(NodeId node, Entry entry, bool continues, List<Change> changes)
    {
        if (!_nodes.TryGetValue(node, out var own))
        {
            _nodes[node] = own = [];
        }

        if (own.TryGetValue(entry.Id, out var known))
        {
            Replace(known, entry, continues, changes);
            return;
        }

        var holding = new Holding(node, entry);
        own[entry.Id] = holding;
        if (!_holdings.TryGetValue(entry.Id, out var holdings))
        {
            _holdings[entry.Id] = holdings = new(1);
        }

        holdings.Add(holding);
        NoteOver(holdings, holding);
        Choose(holdings, changes);
    }

    /// <summary>A node tells that an entry is gone, up to a version.</summary>
    public void Remove(NodeId node, EntryId id, EntryVersion version, LifecycleReason reason, List<Change> changes)
    {
        if (TryFind(node, id, out var holding) && holding.Entry.Version.CompareTo(version) <= 0)
        {
            Drop(holding, reason, changes);
        }
    }

    /// <summary>Replaces all that a node told.</summary>
    public void Replace(NodeId node, IReadOnlyList<FeedOp> snapshot, List<Change> changes)
    {
        var stays = snapshot.OfType<FeedOp.Put>().Select(put => put.Entry.Id).ToHashSet();
        RemoveWhere(node, id => !stays.Contains(id), LifecycleReason.Unknown, changes);
        foreach (var put in snapshot.OfType<FeedOp.Put>())
        {
            Put(node, put.Entry, continues: false, changes);
        }
    }

    /// <summary>A node is gone.</summary>
    public void RemoveNode(NodeId node, LifecycleReason reason, List<Change> changes)
    {
        RemoveWhere(node, static _ => true, reason, changes);
        _nodes.Remove(node);
    }

    /// <summary>Drops some entries of all nodes, or of one.</summary>
    public void RemoveWhere(NodeId? node, Func<EntryId, bool> wanted, LifecycleReason reason, List<Change> changes)
    {
        IEnumerable<Dictionary<EntryId, Holding>> from = node is { } one ? (_nodes.TryGetValue(one, out var own) ? [own] : []) : _nodes.Values;
        foreach (var holding in from.SelectMany(own => own.Values).Where(holding => wanted(holding.Entry.Id)).ToList())
        {
            Drop(holding, reason, changes);
        }
    }

    public IEnumerable<(Entry Entry, NodeId Node)> Members(string cluster, string group) =>
        _groups.TryGetValue((cluster, group), out var members) ? members.Values.Select(holding => (holding.Entry, holding.Node)) : [];

    /// <summary>One entry, if it is seen.</summary>
    public IEnumerable<(Entry Entry, NodeId Node)> Find(EntryId id) => _holdings.TryGetValue(id, out var holdings) && Visible(holdings) is { } seen ? [(seen.Entry, seen.Node)] : [];

    public int Count(string cluster, string group) => _groups.TryGetValue((cluster, group), out var members) ? members.Count : 0;

    /// <summary>The groups that have members and whose names begin so, in ordinal order.</summary>
    public IEnumerable<string> Groups(string cluster, string prefix)
    {
        if (!_names.TryGetValue(cluster, out var names))
        {
            return [];
        }

        return (prefix.Length == 0 ? names : names.GetViewBetween(prefix, prefix + char.MaxValue)).Where(name => name.StartsWith(prefix, StringComparison.Ordinal));
    }

    private static Holding? Visible(List<Holding> holdings)
    {
        foreach (var holding in holdings)
        {
            if (holding.IsVisible)
            {
                return holding;
            }
        }

        return null;
    }

    private bool TryFind(NodeId node, EntryId id, [NotNullWhen(true)] out Holding? holding)
    {
        holding = null;
        return _nodes.TryGetValue(node, out var own) && own.TryGetValue(id, out holding);
    }

    private void Replace(Holding known, Entry entry, bool continues, List<Change> changes)
    {
        var order = entry.Version.CompareTo(known.Entry.Version);
        if (order < 0 && entry.Version.Life == known.Entry.Version.Life)
        {
            // Told late of a former run.
            return;
        }

        var before = known.Entry;
        known.Entry = entry;
        if (known.IsVisible && (order == 0 || continues))
        {
            if (!before.HasMeta(entry.Meta))
            {
                changes.Add(new(ChangeKind.Updated, entry, known.Node, Previous: before.Meta));
            }
        }
        else if (order != 0 && known.IsVisible)
        {
            // Another run on the same node, whose beginning or the former's end was not told.
            Hide(known, before, LifecycleReason.Moved, changes);
        }

        if (order != 0)
        {
            var holdings = _holdings[entry.Id];
            known.IsOver = false;
            NoteOver(holdings, known);
            Choose(holdings, changes);
        }
    }

    // Of two runs of one record the earlier is over.
    private static void NoteOver(List<Holding> holdings, Holding changed)
    {
        foreach (var other in holdings)
        {
            other.IsOver |= other.Entry.Version.IsEndedBy(changed.Entry.Version);
            changed.IsOver |= changed.Entry.Version.IsEndedBy(other.Entry.Version);
        }
    }

    // Has the latest entry seen that is not known to be over.
    private void Choose(List<Holding> holdings, List<Change> changes)
    {
        Holding? latest = null;
        foreach (var holding in holdings)
        {
            if (!holding.IsOver && (latest is null || IsLater(holding, latest)))
            {
                latest = holding;
            }
        }

        var seen = Visible(holdings);
        if (seen == latest)
        {
            return;
        }

        if (seen is not null)
        {
            Hide(seen, seen.Entry, LifecycleReason.Moved, changes);
        }

        if (latest is not null)
        {
            latest.IsVisible = true;
            Index(latest);
            changes.Add(new(ChangeKind.Added, latest.Entry, latest.Node));
        }
    }

    private void Hide(Holding holding, Entry entry, LifecycleReason reason, List<Change> changes)
    {
        holding.IsVisible = false;
        Unindex(entry.Id);
        changes.Add(new(ChangeKind.Removed, entry, holding.Node, reason));
    }

    private void Drop(Holding holding, LifecycleReason reason, List<Change> changes)
    {
        var id = holding.Entry.Id;
        _nodes[holding.Node].Remove(id);
        var holdings = _holdings[id];
        holdings.Remove(holding);
        if (holdings.Count == 0)
        {
            _holdings.Remove(id);
        }

        if (holding.IsVisible)
        {
            Hide(holding, holding.Entry, reason, changes);
            Choose(holdings, changes);
        }
    }

    // Of two equals, which there should not be, all nodes choose the same.
    private static bool IsLater(Holding one, Holding other)
    {
        var order = one.Entry.Version.CompareTo(other.Entry.Version);
        return order != 0 ? order > 0 : string.CompareOrdinal(one.Node.Address, other.Node.Address) is var byAddress && byAddress != 0 ? byAddress > 0 : one.Node.Uid > other.Node.Uid;
    }

    private void Index(Holding holding)
    {
        var id = holding.Entry.Id;
        if (id.Kind != EntryKind.Member)
        {
            return;
        }

        if (!_groups.TryGetValue((id.Scope, id.Name), out var members))
        {
            _groups[(id.Scope, id.Name)] = members = new(StringComparer.Ordinal);
            if (!_names.TryGetValue(id.Scope, out var names))
            {
                _names[id.Scope] = names = new(StringComparer.Ordinal);
            }

            names.Add(id.Name);
        }

        members[id.Member] = holding;
    }

    private void Unindex(EntryId id)
    {
        if (id.Kind == EntryKind.Member && _groups.TryGetValue((id.Scope, id.Name), out var members) && members.Remove(id.Member) && members.Count == 0)
        {
            _groups.Remove((id.Scope, id.Name));
            var names = _names[id.Scope];
            names.Remove(id.Name);
            if (names.Count == 0)
            {
                _names.Remove(id.Scope);
            }
        }
    }

    private sealed class Holding(NodeId node, Entry entry)
    {
        public NodeId Node { get; } = node;

        public Entry Entry { get; set; } = entry;

        public bool IsVisible { get; set; }

        // A later run of the same record has been seen: not shown again, even when that one ends first.
        public bool IsOver { get; set; }
    }
}
