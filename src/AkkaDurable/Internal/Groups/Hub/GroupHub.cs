using Akka.Actor;
using AkkaDurable.Internal.Groups.Replication;
using AkkaDurable.Internal.Groups.Wire;
using AkkaDurable.Internal.Runtime;
using Microsoft.Extensions.Logging;

namespace AkkaDurable.Internal.Groups.Hub;

/// <summary>
/// A node's end of the talk about groups and running servers: keeps its own entries, tells the other nodes of them what they ask for, and tells watchers what becomes of all. One message at a time, by its actor.
/// One partial file a concern.
/// </summary>
internal sealed partial class GroupHub
{
    private readonly DurableNode _node;
    private readonly DurableGroupOptions _options;
    private readonly NodeId _self;
    private readonly ILogger _log;
    private readonly Replicas _replicas = new();
    private readonly List<Change> _changes = [];
    private bool _isFlushing;

    public GroupHub(DurableNode node, DurableGroupOptions options, NodeId self)
    {
        _node = node;
        _options = options;
        _self = self;
        _log = node.Loggers.CreateLogger("AkkaDurable.Groups");
        node.Metrics.Members = () => Volatile.Read(ref _memberCount);
    }

    /// <summary>Set before the first message.</summary>
    public IHubHost Host { get; set; } = null!;

    private ReplicaTable Table => _replicas.Table;

    /// <summary>The actor system ends, and the node with it: nobody is to wait for what will not come.</summary>
    public void Close()
    {
        foreach (var watcher in _watchers.ToList())
        {
            watcher.Complete();
        }

        foreach (var consumer in _own.Values.SelectMany(static members => members.Values).Select(static member => member.Member).OfType<GroupConsumer>())
        {
            consumer.Complete();
        }
    }

    /// <summary>The node is up: groups of all nodes, and the named clusters of its own.</summary>
    public void Start()
    {
        Connect("");
        foreach (var cluster in _options.Clusters)
        {
            Connect(cluster);
        }
    }

    /// <summary>Time goes by.</summary>
    public void Tick()
    {
        foreach (var peer in _peers.Values)
        {
            if (peer.Hub is null)
            {
                Host.Look(peer.Node.Address);
            }
            else
            {
                var (feed, sequence) = peer.Writer.Last;
                Host.Tell(peer.Hub, new Digest(_self, _helloVersion, feed, sequence));
            }
        }

        GiveUpWaiting();
    }

    /// <param name="message">The message.</param>
    /// <param name="sender">The other node's hub, if it is from one.</param>
    public void Receive(object message, IActorRef sender)
    {
        switch (message)
        {
            case Dispatch dispatch:
                OnDispatch(dispatch);
                break;
            case Dispatched dispatched:
                OnDispatched(dispatched);
                break;
            case Frame frame:
                OnFrame(frame);
                break;
            case Digest digest:
                OnDigest(digest);
                break;
            case Hello hello:
                OnHello(hello, sender);
                break;
            case AskHello ask when _peers.TryGetValue(ask.From, out var asking):
                Greet(asking);
                break;
            case Resync resync:
                OnResync(resync);
                break;
            case FlushHub:
                Flush();
                break;
            case ServerNote note:
                ApplyOwn(note.Op);
                break;
            case MemberSeen seen:
                OnMemberSeen(seen);
                break;
            case MemberGone gone:
                OnMemberGone(gone);
                break;
            case HubFound found:
                OnHubFound(found);
                break;
            case Terminated terminated:
                OnActorEnded(terminated.ActorRef);
                break;
            default:
                OnRequest(message);
                break;
        }
    }

    // What nobody but this node's own users ask.
    private void OnRequest(object message)
    {
        switch (message)
        {
            case JoinActor join:
                OnJoin(join);
                break;
            case JoinConsumer { Consumer.IsClosed: true } late:
                late.Done.TrySetException(new ObjectDisposedException(nameof(GroupSubscription)));
                break;
            case JoinConsumer join:
                join.Done.TrySetResult(Join(join.Cluster, join.Group, join.Consumer, join.Meta));
                break;
            case JoinServer join:
                Join(join.Cluster, join.Group, join.Server, join.Meta);
                break;
            case Leave leave:
                OnLeave(leave);
                break;
            case ServerEnded ended:
                LeaveAll(ended.Server, ended.Reason);
                break;
            case MembersQuery query:
                WhenConnected(query.Cluster, () => query.Done.TrySetResult(MembersOf(query.Cluster, query.Name)));
                break;
            case CountQuery query:
                WhenConnected(query.Cluster, () => query.Done.TrySetResult(CountOf(query)));
                break;
            case ConnectCluster connect:
                WhenConnected(connect.Cluster, () => connect.Done.TrySetResult(true));
                break;
            case DisconnectCluster disconnect:
                disconnect.Done.TrySetResult(Disconnect(disconnect.Cluster));
                break;
            case AddWatcher add:
                OnAdd(add.Watcher);
                break;
            case RemoveWatcher remove:
                Forget(remove.Watcher);
                break;
            case CatchUp { Watcher: { IsBehind: true } watcher } when _watchers.Contains(watcher):
                TellAnew(watcher);
                break;
        }
    }

    // A change of what is with this node: seen here, if anybody asks, and told to those who ask.
    private void ApplyOwn(FeedOp op)
    {
        var id = op switch
        {
            FeedOp.Put put => put.Entry.Id,
            FeedOp.Remove remove => remove.Id,
            _ => default,
        };
        switch (op)
        {
            case FeedOp.Put put when _interests.Matches(id):
                Table.Put(_self, put.Entry, put.Continues, _changes);
                break;
            case FeedOp.Remove remove:
                Table.Remove(_self, id, remove.Version, remove.Reason, _changes);
                break;
        }

        foreach (var peer in _peers.Values)
        {
            if (peer.Writer.HasBegun && peer.Interests.Matches(id))
            {
                peer.Pending.Add(op);
            }
        }

        WantFlush();
    }

    // Behind all that waits, so that what comes together is told together.
    private void WantFlush()
    {
        if (!_isFlushing)
        {
            _isFlushing = true;
            Host.Post(FlushHub.Instance);
        }
    }

    private void Flush()
    {
        _isFlushing = false;
        if (_wantsGreeting)
        {
            _wantsGreeting = false;
            foreach (var peer in _peers.Values)
            {
                Greet(peer);
            }
        }

        foreach (var peer in _peers.Values)
        {
            if (peer.Pending.Count > 0)
            {
                Send(peer, peer.Writer.Go(peer.Pending));
                peer.Pending.Clear();
            }
        }

        Publish();
    }

    private sealed class FlushHub
    {
        public static FlushHub Instance { get; } = new();
    }
}
