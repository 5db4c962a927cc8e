using Akka.Actor;
using AkkaDurable.Internal.Groups.Replication;
using AkkaDurable.Internal.Groups.Wire;

namespace AkkaDurable.Internal.Groups.Hub;

// The other nodes: who they are, what they are told, what they tell.
internal sealed partial class GroupHub
{
    // Each has at most some 1 kB of names.
    private const int MaxInterestsAtOnce = 64;

    private readonly Dictionary<NodeId, Peer> _peers = [];
    private readonly List<long> _ready = [];
    private long _helloVersion;
    private bool _wantsGreeting;

    private void OnMemberSeen(MemberSeen seen)
    {
        if (seen.Node == _self)
        {
            return;
        }

        if (!_peers.TryGetValue(seen.Node, out var peer))
        {
            _peers[seen.Node] = peer = new Peer(seen.Node, new FeedWriter(_self));
            _replicas.Add(seen.Node);
            Host.Look(seen.Node.Address);
        }

        peer.IsReachable = seen.IsReachable;
        if (!seen.IsReachable)
        {
            WaitNoMoreFor(seen.Node);
        }
    }

    private void OnMemberGone(MemberGone gone)
    {
        if (_peers.Remove(gone.Node))
        {
            WaitNoMoreFor(gone.Node);
            _replicas.Remove(gone.Node, gone.Reason, _changes);
            UpdateIsWatched();
            WantFlush();
        }
    }

    private void OnHubFound(HubFound found)
    {
        foreach (var peer in _peers.Values.Where(peer => peer.Node.Address == found.Address && peer.Hub is null))
        {
            peer.IsKnown = true;
            peer.Hub = found.Hub;
            if (found.Hub is null)
            {
                WaitNoMoreFor(peer.Node);
            }
            else
            {
                Greet(peer);
                Host.Tell(found.Hub, new AskHello(_self));
            }
        }
    }

    // Tells a node what this one asks for. Its feed begins with that.
    private void Greet(Peer peer)
    {
        if (peer.Hub is not { } hub)
        {
            return;
        }

        var parts = _interests.All.Chunk(MaxInterestsAtOnce).ToList();
        for (var i = 0; i < parts.Count; i++)
        {
            Host.Tell(hub, new Hello(_self, _helloVersion, i, parts.Count, parts[i]));
        }
    }

    // What this node asks for has changed.
    private void GreetAll()
    {
        _helloVersion++;
        _wantsGreeting = true;
        WantFlush();
    }

    private void OnHello(Hello hello, IActorRef sender)
    {
        if (!_peers.TryGetValue(hello.From, out var peer))
        {
            // Asked for again, by its next digest, when the node is known here too.
            return;
        }

        if (peer.Hub is null)
        {
            OnHubFound(new HubFound(peer.Node.Address, sender));
        }

        if (hello.Version <= peer.HelloVersion || !peer.TryAssemble(hello, out var interests))
        {
            return;
        }

        peer.HelloVersion = hello.Version;
        var added = peer.Interests.Update(interests);
        UpdateIsWatched();
        if (!peer.Writer.HasBegun)
        {
            Begin(peer);
            return;
        }

        foreach (var interest in added)
        {
            peer.Pending.Add(new FeedOp.Begins(interest.Id));
            peer.Pending.AddRange(OwnEntries(interest.Selector).Select(static entry => new FeedOp.Put(entry)));
            peer.Pending.Add(new FeedOp.Ready(interest.Id));
        }

        WantFlush();
    }

    private void Begin(Peer peer)
    {
        // Is in the snapshot.
        peer.Pending.Clear();
        var entries = peer.Interests.All.SelectMany(interest => OwnEntries(interest.Selector)).DistinctBy(static entry => entry.Id).Select(static entry => (FeedOp)new FeedOp.Put(entry));
        var begins = peer.Interests.All.Select(static interest => new FeedOp.Begins(interest.Id));
        Send(peer, peer.Writer.Begin(begins.Concat(entries).Concat(peer.Interests.All.Select(static interest => new FeedOp.Ready(interest.Id)))));
    }

    private void Send(Peer peer, IEnumerable<Frame> frames)
    {
        if (peer.Hub is not { } hub)
        {
            return;
        }

        foreach (var frame in frames)
        {
            Host.Tell(hub, frame);
        }
    }

    private void OnFrame(Frame frame)
    {
        if (!_peers.TryGetValue(frame.From, out var peer))
        {
            return;
        }

        var outcome = _replicas.Receive(frame, peer.Told, _interests, _changes, _ready);
        switch (outcome)
        {
            case FeedReader.Outcome.Gap:
                Ask(frame.From, frame.Feed);
                break;
            case FeedReader.Outcome.Repair:
                // What happened between the loss and the snapshot is not known: everybody whom it may concern looks at everything anew.
                LogRepaired(_log, frame.From.Address);
                TellAllAnew();
                break;
        }

        foreach (var interest in _ready)
        {
            WaitNoMoreFor(frame.From, interest);
        }

        _ready.Clear();
        if (_changes.Count > 0)
        {
            WantFlush();
        }
    }

    private void OnDigest(Digest digest)
    {
        if (!_peers.TryGetValue(digest.From, out var peer) || peer.Hub is not { } hub)
        {
            return;
        }

        if (digest.HelloVersion > peer.HelloVersion)
        {
            Host.Tell(hub, new AskHello(_self));
        }

        if (_replicas.IsBehind(digest.From, digest.Feed, digest.Sequence))
        {
            Ask(digest.From, digest.Feed);
        }
    }

    private void Ask(NodeId node, long feed)
    {
        if (_peers.TryGetValue(node, out var peer) && peer.Hub is { } hub)
        {
            Host.Tell(hub, new Resync(_self, feed));
        }
    }

    private void OnResync(Resync resync)
    {
        // Asked about a feed that another has taken the place of since: that one is on its way, or the next digest tells.
        if (_peers.TryGetValue(resync.From, out var peer) && peer.Writer.HasBegun && resync.Feed >= peer.Writer.Last.Feed)
        {
            Begin(peer);
        }
    }
}
