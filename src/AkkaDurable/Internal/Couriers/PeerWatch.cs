using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using Akka.Remote;
using AkkaDurable.Internal.Calls;

namespace AkkaDurable.Internal.Couriers;

/// <summary>Tells <see cref="Peers"/> which nodes come and go, and which pick-ups came to nothing.</summary>
internal sealed class PeerWatch : UntypedActor
{
    // What the reason says when a shard region drops what came to it while a shard was about to move. What was dropped since a buffer is full must not come again.
    private const string HandOff = "handoff";

    private readonly Peers _peers;
    private readonly Cluster _cluster = Cluster.Get(Context.System);

    public PeerWatch(Peers peers) => _peers = peers;

    protected override void PreStart()
    {
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent));
        Context.System.EventStream.Subscribe(Self, typeof(QuarantinedEvent));

        // Also what a shard region drops. A pick-up is a suppressed dead letter when the connection is down, and a plain one when it was in the mailbox of an actor that stopped.
        Context.System.EventStream.Subscribe(Self, typeof(AllDeadLetters));
    }

    protected override void PostStop()
    {
        _cluster.Unsubscribe(Self);
        Context.System.EventStream.Unsubscribe(Self);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case AllDeadLetters letter:
                OnDeadLetter(letter);
                break;
            case ServerRoute route:
                Context.WatchWith(route.Region, new RegionEnded(route));
                break;
            case RegionEnded ended:
                ended.Route.IsEnded = true;
                break;
            case ClusterEvent.IMemberEvent { Member: var member } when member.UniqueAddress.Equals(_cluster.SelfUniqueAddress):
                break;
            case ClusterEvent.MemberRemoved removed:
                _peers.Remove(removed.Member.UniqueAddress);
                break;
            case ClusterEvent.MemberLeft or ClusterEvent.MemberExited or ClusterEvent.MemberDowned:
                _peers.Leave(((ClusterEvent.IMemberEvent)message).Member.UniqueAddress);
                break;
            case ClusterEvent.IMemberEvent { Member: var member }:
                _peers.Open(member.UniqueAddress);
                break;
            case ClusterEvent.UnreachableMember unreachable:
                _peers.SetReachable(unreachable.Member.UniqueAddress, false);
                break;
            case ClusterEvent.ReachableMember reachable:
                _peers.SetReachable(reachable.Member.UniqueAddress, true);
                break;
            case QuarantinedEvent quarantined:
                _peers.Remove(new UniqueAddress(quarantined.Address, quarantined.Uid));
                break;
        }
    }

    private void OnDeadLetter(AllDeadLetters letter)
    {
        // A letter may be in another one.
        while (letter.Message is AllDeadLetters inner)
        {
            letter = inner;
        }

        if (letter.Message is OutgoingBatch batch)
        {
            _peers.OnUndelivered(batch);
        }
        else if (letter is Dropped { Message: ServerEnvelope envelope } dropped && dropped.Reason.Contains(HandOff, StringComparison.OrdinalIgnoreCase))
        {
            _peers.OnDropped(envelope, dropped.Sender);
        }
        else if (LostHandOff.IsOne(letter) && _peers.Placement is { } placement)
        {
            _ = LostHandOff.AnswerAsync(letter, Context.System, placement);
        }
    }

    private sealed record RegionEnded(ServerRoute Route) : INoSerializationVerificationNeeded;
}
