using Akka.Actor;
using Akka.Cluster;

namespace AkkaDurable.Internal.Couriers;

/// <summary>
/// Says again that a lost node is gone. Akka says it once, when this node removes the lost one from its members. A shard region that asks for a shard's home a moment later may still be told the lost node, by a coordinator that has not
/// removed it yet; it then watches that node as one that was never a member, and sends everything to it until that failure detector has noticed: measured, 15 s.
/// </summary>
internal sealed class LostNodes : UntypedActor, IWithTimers
{
    // The coordinator knows by the next gossip, which is sent every second or more often, and its down-removal-margin.
    private static readonly TimeSpan[] After = [TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(700), TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(6)];

    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly ActorSelection _remoteWatcher = Context.System.ActorSelection("/system/remote-watcher");

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberRemoved));

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterEvent.MemberRemoved { PreviousStatus: MemberStatus.Down } removed:
                for (var i = 0; i < After.Length; i++)
                {
                    Timers.StartSingleTimer((removed.Member.UniqueAddress, i), new Again(removed), After[i]);
                }

                break;
            case Again again when !IsMemberAgain(again.Removed.Member.Address):
                _remoteWatcher.Tell(again.Removed);
                break;
        }
    }

    // What is said of an address holds for whoever runs there.
    private bool IsMemberAgain(Address address) => _cluster.State.Members.Any(member => member.Address.Equals(address));

    private sealed record Again(ClusterEvent.MemberRemoved Removed) : INoSerializationVerificationNeeded;
}
