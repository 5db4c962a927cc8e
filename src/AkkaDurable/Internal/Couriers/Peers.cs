using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster;
using Akka.Remote;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Runtime;
using AkkaDurable.Internal.Wire;
using AkkaDurable.Placement;
using Microsoft.Extensions.Logging;

namespace AkkaDurable.Internal.Couriers;

/// <summary>The other nodes of the cluster, and the ways to the servers that run there. Safe for concurrent use.</summary>
internal sealed partial class Peers
{
    // A remote message is much dearer than its bytes up to here; beyond, batches gain nothing and hold up each other.
    private const int MaxBatchBytes = 64_000;

    private readonly ExtendedActorSystem _system;
    private readonly DurableNode _node;
    private readonly ILogger _log;
    private readonly IActorRef _watch;
    private int _pickUpsLost;
    private readonly ConcurrentDictionary<ActorPath, Peer> _peers = new();
    private readonly ConcurrentDictionary<string, ServerRoute> _routes = new(StringComparer.Ordinal);

    public Peers(ExtendedActorSystem system, DurableNode node, int frameBytes)
    {
        _system = system;
        _node = node;
        _log = node.Loggers.CreateLogger("AkkaDurable.Couriers");
        BatchBytes = Math.Min(MaxBatchBytes, frameBytes / 2);
        Serializer = new WireSerializer(system);
        Courier = new Courier(this, system.Provider.TempContainer.Path / NameOf(AddressUidExtension.Uid(system)));
        system.Provider.RegisterTempActor(Courier, Courier.Path);
        _watch = system.SystemActorOf(Props.Create(() => new PeerWatch(this)), "durable-peers");
        system.SystemActorOf(Props.Create(() => new LostNodes()), "durable-lost-nodes");
    }

    public IActorRefProvider Provider => _system.Provider;

    public TimeProvider Time => _node.Time;

    public IPlacementControl? Placement => _node.Placement;

    public WireSerializer Serializer { get; }

    public IActorRef ReplyTo => _node.ReplyTo;

    public int BatchBytes { get; }

    public Courier Courier { get; }

    /// <summary>How many pick-ups found no connection.</summary>
    public int PickUpsLost => Volatile.Read(ref _pickUpsLost);

    public IEnumerable<Peer> All => _peers.Values;

    public ServerRoute AddRoute(string serverType, IActorRef region, ShardLayout layout)
    {
        var route = new ServerRoute(serverType, region, new ShardHomes(layout), _node.ReplyTo);
        _routes[serverType] = route;
        _watch.Tell(route, ActorRefs.NoSender);
        return route;
    }

    public ServerRoute? RouteOf(string serverType) => _routes.GetValueOrDefault(serverType);

    /// <summary>A node is a member of the cluster, and stays one for now.</summary>
    public void Open(UniqueAddress node)
    {
        var path = PathOf(node);
        var peer = _peers.GetOrAdd(path, static (path, peers) => new Peer(peers, peers.Provider.ResolveActorRef(path.ToSerializationFormat())), this);
        peer.IsServing = true;
    }

    /// <summary>A node is about to leave. It still gets replies, and its region may still be asked; but its servers are elsewhere soon.</summary>
    public void Leave(UniqueAddress node)
    {
        if (_peers.TryGetValue(PathOf(node), out var peer))
        {
            peer.IsServing = false;
            Forget(peer);
        }
    }

    public void SetReachable(UniqueAddress node, bool isReachable)
    {
        if (_peers.TryGetValue(PathOf(node), out var peer))
        {
            peer.IsReachable = isReachable;
            if (!isReachable)
            {
                Forget(peer);
            }
        }
    }

    /// <summary>An incarnation of a node is gone for good.</summary>
    public void Remove(UniqueAddress node)
    {
        if (_peers.TryRemove(PathOf(node), out var peer))
        {
            Lost(peer, peer.Close());
            Forget(peer);
            _node.Channel.RepeatAfterLoss((type, key) => RouteOf(type)?.Homes.Of(key) is not null);
        }
    }

    /// <summary>A pick-up did not reach the connection.</summary>
    public void OnUndelivered(OutgoingBatch batch)
    {
        Interlocked.Increment(ref _pickUpsLost);
        Lost(batch.Peer, batch.Peer.Drop());
    }

    /// <summary>
    /// A shard region dropped a message, since it came while the shard was about to move. Akka does so to keep the order of what other regions forward; here a lost cast is worse, and a call would wait until it is sent again.
    /// It goes to the region once more, behind what has come meanwhile, and waits there for the shard's new home.
    /// </summary>
    public void OnDropped(ServerEnvelope envelope, IActorRef sender)
    {
        if (envelope is not ControlEnvelope { Verb: ControlVerb.OpenShortcut })
        {
            RouteOf(envelope.ServerType)?.Shortcuts.Send(envelope, sender);
        }
    }

    /// <summary>The node that a batch came from.</summary>
    /// <param name="courier">Its courier. A node that this one does not know for a member gets its replies all the same, but is not remembered.</param>
    public Peer From(IActorRef courier) => _peers.TryGetValue(courier.Path, out var peer) ? peer : new Peer(this, courier);

    /// <summary>Ends a call with a reply that came in a batch.</summary>
    public void Complete(ReplyEnvelope reply, Peer from)
    {
        if (from.IsHome)
        {
            Learn(reply, from);
        }

        _node.Channel.Complete(reply, isOneOfMany: true);
    }

    /// <summary>Ends a call with a reply that a server sent by itself.</summary>
    public void Complete(ReplyEnvelope reply, IActorRef server)
    {
        LearnFrom(reply, server);
        _node.Channel.Complete(reply);
    }

    /// <summary>Takes note of where a server is that replies.</summary>
    public void LearnFrom(ReplyEnvelope reply, IActorRef server)
    {
        var address = server.Path.Address;
        if (string.IsNullOrEmpty(address.Host) || address.Equals(Provider.DefaultAddress))
        {
            Learn(reply, null);
        }
        else if (_peers.Values.FirstOrDefault(peer => peer.IsHome && peer.Courier.Path.Address.Equals(address)) is { } peer)
        {
            Learn(reply, peer);
        }
    }

    /// <summary>Too much waits for a node already: the message does not leave, and its caller is told.</summary>
    public void Refuse(ServerEnvelope envelope, Peer peer)
    {
        if (envelope is CallEnvelope { IsRepeat: true })
        {
            // It was sent before and may have run: nobody can say now that it did not.
            return;
        }

        var correlationId = envelope switch
        {
            CallEnvelope call => call.CorrelationId,
            ControlEnvelope control => control.CorrelationId,
            _ => 0,
        };
        if (correlationId == 0)
        {
            LogCastDropped(_log, envelope.ServerType, envelope.Key, peer.ToString(), peer.MaxWaitingBytes);
        }
        else
        {
            _node.Channel.Complete(new ReplyEnvelope(correlationId, null, new CallFailure(
                FailureKind.Overloaded, $"{envelope.ServerType}/{envelope.Key} runs on {peer}, for which {peer.MaxWaitingBytes:N0} bytes are waiting already. The message was not sent.")));
        }
    }

    private static string NameOf(long uid) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"durable-courier-{uid}");

    private ActorPath PathOf(UniqueAddress node) => new RootActorPath(node.Address) / Courier.Path.Parent.Name / NameOf(node.Uid);

    private void Learn(ReplyEnvelope reply, Peer? home)
    {
        if (_node.Channel.TryPeek(reply.CorrelationId, out var serverType, out var key))
        {
            // An owner that was overtaken is a home no more; who it is now, the region knows.
            RouteOf(serverType)?.Homes.Learn(key, reply.Failure is { Kind: FailureKind.OwnershipLost } ? null : home);
        }
    }

    private void Forget(Peer peer)
    {
        foreach (var route in _routes.Values)
        {
            route.Homes.Forget(peer);
        }
    }

    private void Lost(Peer peer, int messages)
    {
        if (messages != 0)
        {
            LogLost(_log, messages, peer.ToString());
        }
    }
}
