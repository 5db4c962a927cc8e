using AkkaDurable.Internal.Groups.Replication;

namespace AkkaDurable.Internal.Groups.Hub;

// Who is told of lifecycle events.
internal sealed partial class GroupHub
{
    // Beyond, single servers are no longer asked for one by one.
    private const int MaxServerInterests = 256;

    private readonly HashSet<Watcher> _watchers = [];
    private readonly Dictionary<(EntryKind Kind, string Scope, string Name), List<Watcher>> _watchersOfOne = [];
    private readonly List<Watcher> _watchersOfMany = [];

    private void OnAdd(Watcher watcher)
    {
        _watchers.Add(watcher);
        ListFor(watcher).Add(watcher);
        if (watcher.Actor is { } actor)
        {
            Host.Watch(actor);
        }

        var pending = 1;
        foreach (var selector in watcher.Filter.Selectors)
        {
            pending++;
            if (selector.IsOfServers)
            {
                var used = selector.Kind is InterestKind.Server or InterestKind.ServersByPrefix && _uses.Count >= MaxServerInterests ? new Selector(InterestKind.AllServers, "", "") : selector;
                watcher.Uses.Add(used);
                WhenTold(Use(used), Told);
            }
            else
            {
                WhenConnected(selector.Scope, Told);
            }
        }

        Told();

        void Told()
        {
            if (--pending == 0 && _watchers.Contains(watcher))
            {
                // What has changed until now is in the picture, and must not be told again after it.
                Publish();
                watcher.IsLive = true;
                watcher.Tell(PictureFor(watcher, missed: false));
                watcher.Begun.TrySetResult(true);
            }
        }
    }

    private void Forget(Watcher watcher)
    {
        if (!_watchers.Remove(watcher))
        {
            return;
        }

        var list = ListFor(watcher);
        list.Remove(watcher);
        if (list.Count == 0 && watcher.Filter.One is { } one)
        {
            _watchersOfOne.Remove(one);
        }

        foreach (var selector in watcher.Uses)
        {
            UseNoMore(selector);
        }

        if (watcher.Actor is { } actor && !_groupsOf.ContainsKey(actor) && !_watchers.Any(other => actor.Equals(other.Actor)))
        {
            Host.Unwatch(actor);
        }

        watcher.Begun.TrySetResult(false);
        watcher.Complete();
    }

    private List<Watcher> ListFor(Watcher watcher)
    {
        if (watcher.Filter.One is not { } one)
        {
            return _watchersOfMany;
        }

        if (!_watchersOfOne.TryGetValue(one, out var list))
        {
            _watchersOfOne[one] = list = [];
        }

        return list;
    }

    // Tells what has changed since it was last called.
    private void Publish()
    {
        if (_changes.Count == 0)
        {
            return;
        }

        if (_watchers.Count > 0)
        {
            Dictionary<Watcher, List<LifecycleEvent>> batches = [];
            foreach (var change in _changes)
            {
                LifecycleEvent? told = null;
                var id = change.Entry.Id;
                foreach (var watcher in _watchersOfOne.GetValueOrDefault((id.Kind, id.Scope, id.Name), []).Concat(_watchersOfMany))
                {
                    if (!watcher.IsLive || watcher.IsBehind || !watcher.Filter.Matches(id))
                    {
                        continue;
                    }

                    if (!batches.TryGetValue(watcher, out var events))
                    {
                        batches[watcher] = events = [];
                    }

                    events.Add(told ??= ToEvent(change));
                }
            }

            foreach (var (watcher, events) in batches)
            {
                watcher.Tell(new LifecycleBatch(events));
            }
        }

        _changes.Clear();
    }

    private void TellAnew(Watcher watcher)
    {
        Publish();
        watcher.IsBehind = false;
        watcher.Tell(PictureFor(watcher, missed: true));
    }

    // Changes that are not told yet are in what is told anew.
    private void TellAllAnew()
    {
        _changes.Clear();
        foreach (var watcher in _watchers.Where(static watcher => watcher is { IsLive: true, IsBehind: false }))
        {
            watcher.Tell(PictureFor(watcher, missed: true));
        }
    }

    private LifecycleBatch PictureFor(Watcher watcher, bool missed)
    {
        var filter = watcher.Filter;
        var entries = filter switch
        {
            { Kind: EntryKind.Member } => (filter.IsPrefix ? Table.Groups(filter.Scope, filter.Name) : [filter.Name]).SelectMany(group => Table.Members(filter.Scope, group)),
            { One: { } one } => Table.Find(EntryId.OfServer(one.Scope, one.Name)),
            _ => Table.Seen.Where(seen => filter.Matches(seen.Entry.Id)),
        };
        return new LifecycleBatch([.. entries.Select(seen => ToEvent(new Change(ChangeKind.Added, seen.Entry, seen.Node)))], missed);
    }

    private LifecycleEvent ToEvent(in Change change)
    {
        var (entry, isMember) = (change.Entry, change.Entry.Id.Kind == EntryKind.Member);
        var kind = change.Kind switch
        {
            ChangeKind.Added => isMember ? LifecycleEventKind.Joined : LifecycleEventKind.Registered,
            ChangeKind.Removed => isMember ? LifecycleEventKind.Left : LifecycleEventKind.Unregistered,
            _ => LifecycleEventKind.Updated,
        };
        return new LifecycleEvent(kind, change.Node.Address, entry.Meta)
        {
            ServerType = isMember ? null : entry.Id.Scope,
            Key = isMember ? null : entry.Id.Name,
            Epoch = isMember ? 0 : entry.Version.Epoch,
            Member = isMember ? ToMember(entry, change.Node) : null,
            PreviousMeta = change.Previous,
            Reason = change.Kind == ChangeKind.Removed ? change.Reason : null,
        };
    }
}
