using AkkaDurable.Internal.Groups.Replication;

namespace AkkaDurable.Internal.Groups.Hub;

// What this node asks the others for, and who waits until they have told.
internal sealed partial class GroupHub
{
    private readonly InterestSet _interests = new();

    // The interest of each selector, with the number of those who use it; a named cluster is used until it is disconnected.
    private readonly Dictionary<Selector, (long Interest, int Users)> _uses = [];
    private readonly Dictionary<long, Wait> _waits = [];
    private long _interestIds;

    private long Connect(string cluster)
    {
        var selector = new Selector(InterestKind.Cluster, cluster, "");
        return _uses.TryGetValue(selector, out var known) ? known.Interest : Use(selector);
    }

    private void WhenConnected(string cluster, Action then) => WhenTold(Connect(cluster), then);

    private void WhenTold(long interest, Action then)
    {
        if (_waits.TryGetValue(interest, out var wait))
        {
            wait.Then.Add(then);
        }
        else
        {
            then();
        }
    }

    private bool Disconnect(string cluster)
    {
        var selector = new Selector(InterestKind.Cluster, cluster, "");
        if (!_uses.ContainsKey(selector))
        {
            return false;
        }

        foreach (var (group, members) in _own.Where(own => own.Key.Cluster == cluster).ToList())
        {
            foreach (var member in members.Values.ToList())
            {
                OnLeave(new Leave(cluster, group.Group, member.Member, LifecycleReason.Disconnected, null));
            }
        }

        Table.RemoveWhere(node: null, id => selector.Matches(id), LifecycleReason.Disconnected, _changes);
        UseNoMore(selector);
        WantFlush();
        return true;
    }

    private long Use(Selector selector)
    {
        if (_uses.TryGetValue(selector, out var known))
        {
            _uses[selector] = (known.Interest, known.Users + 1);
            return known.Interest;
        }

        var id = ++_interestIds;
        _uses[selector] = (id, 1);
        _interests.Add(new Interest(id, selector));
        UpdateIsWatched();
        foreach (var entry in OwnEntries(selector))
        {
            Table.Put(_self, entry, continues: false, _changes);
        }

        HashSet<NodeId> missing = [.. _peers.Values.Where(static peer => peer.IsReachable && (!peer.IsKnown || peer.Hub is not null)).Select(static peer => peer.Node)];
        if (missing.Count > 0)
        {
            _waits[id] = new Wait(missing, _node.Time.GetTimestamp());
        }

        GreetAll();
        return id;
    }

    private void UseNoMore(Selector selector)
    {
        if (!_uses.TryGetValue(selector, out var known))
        {
            return;
        }

        if (known.Users > 1)
        {
            _uses[selector] = (known.Interest, known.Users - 1);
            return;
        }

        _uses.Remove(selector);
        _interests.Remove(known.Interest);
        foreach (var peer in _peers.Values)
        {
            peer.Told.Remove(known.Interest);
        }

        UpdateIsWatched();

        // Nobody here watches it, so nobody is told.
        Table.RemoveWhere(node: null, id => selector.Matches(id) && !_interests.Matches(id), LifecycleReason.Unknown, []);
        GreetAll();
        EndWait(known.Interest);
    }

    private void UpdateIsWatched() => _node.Lifecycle.IsWatched = _interests.HasServers || _peers.Values.Any(static peer => peer.Interests.HasServers);

    private void WaitNoMoreFor(NodeId node, long interest)
    {
        if (_waits.TryGetValue(interest, out var wait) && wait.Missing.Remove(node) && wait.Missing.Count == 0)
        {
            EndWait(interest);
        }
    }

    private void WaitNoMoreFor(NodeId node)
    {
        foreach (var interest in _waits.Keys.ToList())
        {
            WaitNoMoreFor(node, interest);
        }
    }

    private void GiveUpWaiting()
    {
        foreach (var (interest, _) in _waits.Where(wait => _node.Time.GetElapsedTime(wait.Value.Began) >= _options.ConnectTimeout).ToList())
        {
            EndWait(interest);
        }
    }

    private void EndWait(long interest)
    {
        if (_waits.Remove(interest, out var wait))
        {
            foreach (var then in wait.Then)
            {
                then();
            }
        }
    }

    private sealed class Wait(HashSet<NodeId> missing, long began)
    {
        public HashSet<NodeId> Missing { get; } = missing;

        public long Began { get; } = began;

        public List<Action> Then { get; } = [];
    }
}
