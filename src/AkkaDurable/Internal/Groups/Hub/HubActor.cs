using Akka.Actor;
using Akka.Cluster;
using AkkaDurable.Internal.Groups.Replication;

namespace AkkaDurable.Internal.Groups.Hub;

/// <summary>The actor around the <see cref="GroupHub"/>, which outlives its restarts: it lends it a mailbox and tells it of the cluster's nodes.</summary>
internal sealed class HubActor : UntypedActor, IWithTimers, IHubHost
{
    public const string Name = "akka-durable-groups";

    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly IActorRef _self = Context.Self;
    private readonly GroupHub _hub;
    private readonly TimeSpan _tick;

    public HubActor(GroupHub hub, TimeSpan tick)
    {
        _hub = hub;
        _tick = tick;
        hub.Host = this;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    void IHubHost.Watch(IActorRef actor) => Context.Watch(actor);

    void IHubHost.Unwatch(IActorRef actor) => Context.Unwatch(actor);

    void IHubHost.Look(string address) => Context.ActorSelection(new RootActorPath(Address.Parse(address)) / "system" / Name).Tell(new Identify(address), _self);

    void IHubHost.Tell(IActorRef hub, IHubMessage message) => hub.Tell(message, _self);

    void IHubHost.Post(object message) => _self.Tell(message, ActorRefs.Nobody);

    IActorRef IHubHost.Resolve(string path) => ((ExtendedActorSystem)Context.System).Provider.ResolveActorRef(path);

    protected override void PreStart()
    {
        // Before anything is asked for, so that those who are there already are waited for.
        foreach (var member in _cluster.State.Members)
        {
            _hub.Receive(new MemberSeen(NodeOf(member), !_cluster.State.Unreachable.Contains(member)), ActorRefs.Nobody);
        }

        _hub.Start();
        _cluster.Subscribe(_self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IMemberEvent), typeof(ClusterEvent.IReachabilityEvent));
        Timers.StartPeriodicTimer("tick", Tick.Instance, _tick);
    }

    protected override void PostStop()
    {
        _cluster.Unsubscribe(_self);
        _hub.Close();
    }

    // A defect of ours: what the hub knows is as good as before the message that met it.
    protected override void PreRestart(Exception reason, object message)
    {
    }

    protected override void PostRestart(Exception reason) => Timers.StartPeriodicTimer("tick", Tick.Instance, _tick);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Tick:
                _hub.Tick();
                break;
            case ClusterEvent.MemberRemoved removed:
                _hub.Receive(
                    new MemberGone(NodeOf(removed.Member), removed.PreviousStatus == MemberStatus.Exiting ? LifecycleReason.NodeLeft : LifecycleReason.NodeLost), ActorRefs.Nobody);
                break;
            case ClusterEvent.IMemberEvent { Member: var member }:
                _hub.Receive(new MemberSeen(NodeOf(member), !_cluster.State.Unreachable.Contains(member)), ActorRefs.Nobody);
                break;
            case ClusterEvent.UnreachableMember unreachable:
                _hub.Receive(new MemberSeen(NodeOf(unreachable.Member), false), ActorRefs.Nobody);
                break;
            case ClusterEvent.ReachableMember reachable:
                _hub.Receive(new MemberSeen(NodeOf(reachable.Member), true), ActorRefs.Nobody);
                break;
            case ActorIdentity { MessageId: string address } identity:
                _hub.Receive(new HubFound(address, identity.Subject), ActorRefs.Nobody);
                break;
            default:
                _hub.Receive(message, Sender);
                break;
        }
    }

    private static NodeId NodeOf(Member member) => new(member.Address.ToString(), member.UniqueAddress.Uid);

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static Tick Instance { get; } = new();
    }
}
