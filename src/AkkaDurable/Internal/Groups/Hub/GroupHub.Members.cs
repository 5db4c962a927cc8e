using Akka.Actor;
using AkkaDurable.Internal.Groups.Replication;
using AkkaDurable.Internal.Groups.Wire;
using AkkaDurable.Internal.Runtime;

namespace AkkaDurable.Internal.Groups.Hub;

// The members that joined on this node, and what is sent to groups.
internal sealed partial class GroupHub
{
    private readonly Dictionary<(string Cluster, string Group), Dictionary<string, OwnMember>> _own = [];

    // The groups of each actor, consumer and server, with its id in each.
    private readonly Dictionary<object, Dictionary<(string Cluster, string Group), string>> _groupsOf = [];
    private long _joins;

    // Of this node; read by whoever measures.
    private int _memberCount;

    private void OnJoin(JoinActor join)
    {
        Host.Watch(join.Actor);
        join.Done.TrySetResult(Join(join.Cluster, join.Group, join.Actor, join.Meta));
    }

    private string Join(string cluster, string group, object member, IReadOnlyDictionary<string, string> meta)
    {
        Connect(cluster);
        if (!_own.TryGetValue((cluster, group), out var members))
        {
            _own[(cluster, group)] = members = new(StringComparer.Ordinal);
        }

        if (!_groupsOf.TryGetValue(member, out var groups))
        {
            _groupsOf[member] = groups = [];
        }

        if (groups.TryGetValue((cluster, group), out var id) && members.TryGetValue(id, out var known) && known.Member.Equals(member))
        {
            known.Entry = known.Entry with { Meta = meta };
            ApplyOwn(new FeedOp.Put(known.Entry));
            return id;
        }

        var number = ++_joins;
        id = IdOf(member, number);
        var entry = new Entry(EntryId.OfMember(cluster, group, id), new EntryVersion(0, number), meta);
        entry = member switch
        {
            IActorRef actor => entry with { ActorPath = actor.Path.ToSerializationFormatWithAddress(Address.Parse(_self.Address)) },
            ServerMember server => entry with { Version = server.Version, ServerType = server.ServerType, ServerKey = server.Key },
            _ => entry,
        };

        // A server's former incarnation may be a member still: its end comes with its own message, and finds nothing.
        groups[(cluster, group)] = id;
        if (!members.ContainsKey(id))
        {
            Volatile.Write(ref _memberCount, _memberCount + 1);
        }

        members[id] = new OwnMember(member, entry);
        ApplyOwn(new FeedOp.Put(entry));
        return id;
    }

    // A server has one id wherever it runs, so that it is never a member twice.
    private string IdOf(object member, long number) => member switch
    {
        IActorRef actor => $"{_self.Address}/{_self.Uid}{actor.Path.ToStringWithoutAddress()}#{actor.Path.Uid}",
        ServerMember server => $"{server.ServerType}/{server.Key}",
        _ => $"{_self.Address}/{_self.Uid}/{number}",
    };

    private void OnLeave(Leave leave)
    {
        if (!_groupsOf.TryGetValue(leave.Member, out var groups) || !groups.Remove((leave.Cluster, leave.Group), out var id))
        {
            leave.Done?.TrySetResult(false);
            return;
        }

        if (groups.Count == 0)
        {
            ForgetMember(leave.Member);
        }

        Take(leave.Cluster, leave.Group, id, leave.Member, leave.Reason);
        leave.Done?.TrySetResult(true);
    }

    private void OnActorEnded(IActorRef actor)
    {
        LeaveAll(actor, LifecycleReason.ActorEnded);
        foreach (var watcher in _watchers.Where(watcher => actor.Equals(watcher.Actor)).ToList())
        {
            Forget(watcher);
        }
    }

    private void LeaveAll(object member, LifecycleReason reason)
    {
        if (_groupsOf.TryGetValue(member, out var groups))
        {
            ForgetMember(member);
            foreach (var ((cluster, group), id) in groups)
            {
                Take(cluster, group, id, member, reason);
            }
        }
    }

    private void ForgetMember(object member)
    {
        _groupsOf.Remove(member);
        if (member is IActorRef actor && !_watchers.Any(watcher => actor.Equals(watcher.Actor)))
        {
            Host.Unwatch(actor);
        }
    }

    private void Take(string cluster, string group, string id, object member, LifecycleReason reason)
    {
        if (!_own.TryGetValue((cluster, group), out var members) || !members.TryGetValue(id, out var own) || !own.Member.Equals(member))
        {
            // The server's next incarnation has taken its place already.
            return;
        }

        members.Remove(id);
        Volatile.Write(ref _memberCount, _memberCount - 1);
        if (members.Count == 0)
        {
            _own.Remove((cluster, group));
        }

        (member as GroupConsumer)?.Complete();
        ApplyOwn(new FeedOp.Remove(own.Entry.Id, own.Entry.Version, reason));
    }

    private void OnDispatch(Dispatch dispatch)
    {
        if (dispatch.Payload is not { } payload)
        {
            Deliver(dispatch.Cluster, dispatch.Group, dispatch.Message);
            return;
        }

        WhenConnected(dispatch.Cluster, () =>
        {
            Deliver(dispatch.Cluster, dispatch.Group, dispatch.Message);
            Dispatched? message = null;
            foreach (var node in Table.Members(dispatch.Cluster, dispatch.Group).Select(static member => member.Node).Distinct())
            {
                if (_peers.TryGetValue(node, out var peer) && peer.Hub is { } hub)
                {
                    Host.Tell(hub, message ??= new Dispatched(dispatch.Cluster, dispatch.Group, payload.Alias, payload.Json));
                }
            }
        });
    }

    private void OnDispatched(Dispatched dispatched)
    {
        object message;
        try
        {
            message = _node.Messages.Read(new(dispatched.Alias, dispatched.Json), codec: null);
        }
        catch (Exception exception)
        {
            // Also whatever a constructor of the message's own throws.
            LogDispatchRejected(_log, dispatched.Group, dispatched.Alias, exception);
            return;
        }

        Deliver(dispatched.Cluster, dispatched.Group, message);
    }

    private void Deliver(string cluster, string group, object message)
    {
        if (_own.TryGetValue((cluster, group), out var members))
        {
            foreach (var member in members.Values)
            {
                member.Deliver(message);
            }
        }
    }

    private List<GroupMember> MembersOf(string cluster, string name) => [.. Found(cluster, name).Select(found => ToMember(found.Entry, found.Node))];

    private int CountOf(CountQuery query) => query.LocalOnly
        ? Names(query.Cluster, query.Name).Sum(group => _own.TryGetValue((query.Cluster, group), out var members) ? members.Count : 0)
        : Names(query.Cluster, query.Name).Sum(group => Table.Count(query.Cluster, group));

    private IEnumerable<(Entry Entry, NodeId Node)> Found(string cluster, string name) => Names(cluster, name).SelectMany(group => Table.Members(cluster, group));

    private IEnumerable<string> Names(string cluster, string name) => name.EndsWith('/') ? Table.Groups(cluster, name) : [name];

    private GroupMember ToMember(Entry entry, NodeId node) => new(entry.Id.Name, entry.Id.Member, node.Address, entry.Meta)
    {
        Cluster = entry.Id.Scope,
        Actor = entry.ActorPath is { } path ? Host.Resolve(path) : null,
        ServerType = entry.ServerType,
        ServerKey = entry.ServerKey,
    };

    // The entries of this node that somebody asks for.
    private IEnumerable<Entry> OwnEntries(Selector selector) => selector.IsOfServers
        ? RunningServers(selector)
        : _own.Where(group => group.Key.Cluster == selector.Scope).SelectMany(static group => group.Value.Values).Select(static member => member.Entry);

    private List<Entry> RunningServers(Selector selector)
    {
        List<Entry> found = [];
        foreach (var type in _node.Types)
        {
            if (selector.Kind != InterestKind.AllServers && selector.Scope != type.Name)
            {
                continue;
            }

            foreach (var activation in type.Activations.Find(activation => activation is ServerProcess process && selector.Matches(EntryId.OfServer(type.Name, process.Key))))
            {
                if (((ServerProcess)activation).ToEntry() is { } entry)
                {
                    found.Add(entry);
                }
            }
        }

        return found;
    }
}
