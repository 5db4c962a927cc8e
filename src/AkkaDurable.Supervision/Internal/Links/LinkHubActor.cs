using Akka.Actor;
using AkkaDurable.Supervision.Internal.Runtime;

namespace AkkaDurable.Supervision.Internal.Links;

/// <summary>Keeps monitors and links. Watches each actor that is in one, on either side, as long as it is.</summary>
internal sealed class LinkHubActor : UntypedActor
{
    private readonly Dictionary<IActorRef, Ties> _ties = [];

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case AddMonitor { Monitor: var monitor }:
                TiesOf(monitor.Target).MonitoredBy.Add(monitor);
                TiesOf(monitor.Watcher).Monitors.Add(monitor);
                break;
            case RemoveMonitor { Monitor: var monitor }:
                Remove(monitor);
                break;
            case AddLink { One: var one, Other: var other, WasRunning: var wasRunning }:
                TiesOf(one).Links[other] = true;
                TiesOf(other).Links[one] = wasRunning;
                break;
            case RemoveLink { One: var one, Other: var other }:
                Unlink(one, other);
                Unlink(other, one);
                break;
            case Terminated { ActorRef: var actor, ExistenceConfirmed: var existed, AddressTerminated: var isAddressGone } when _ties.Remove(actor, out var ties):
                OnEnd(actor, ties, existed && !isAddressGone);
                break;
            case Terminated:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void OnEnd(IActorRef actor, Ties ties, bool isSeen)
    {
        var known = ExitReasons.Of(actor);
        foreach (var monitor in ties.Monitors)
        {
            Change(monitor.Target, other => other.MonitoredBy.Remove(monitor));
        }

        foreach (var monitor in ties.MonitoredBy)
        {
            Change(monitor.Watcher, other => other.Monitors.Remove(monitor));
            monitor.Watcher.Tell(new Down(monitor, actor, isSeen || monitor.WasRunning ? known : ExitReason.NotRunning), actor);
        }

        foreach (var (other, wasRunning) in ties.Links)
        {
            var reason = isSeen || wasRunning ? known : ExitReason.NotRunning;
            Unlink(other, actor);
            if (reason.Kind != ExitKind.Normal)
            {
                ExitReasons.Note(other, reason);
                ((IInternalActorRef)other).Stop();
            }
        }
    }

    private void Remove(ActorMonitor monitor)
    {
        Change(monitor.Target, ties => ties.MonitoredBy.Remove(monitor));
        Change(monitor.Watcher, ties => ties.Monitors.Remove(monitor));
    }

    private void Unlink(IActorRef one, IActorRef other) => Change(one, ties => ties.Links.Remove(other));

    private Ties TiesOf(IActorRef actor)
    {
        if (!_ties.TryGetValue(actor, out var ties))
        {
            _ties.Add(actor, ties = new Ties());
            Context.Watch(actor);
        }

        return ties;
    }

    private void Change(IActorRef actor, Action<Ties> change)
    {
        if (_ties.TryGetValue(actor, out var ties))
        {
            change(ties);
            if (ties.IsEmpty)
            {
                _ties.Remove(actor);
                Context.Unwatch(actor);
            }
        }
    }

    /// <summary>Begin a monitor.</summary>
    internal sealed record AddMonitor(ActorMonitor Monitor) : INoSerializationVerificationNeeded;

    /// <summary>End a monitor.</summary>
    internal sealed record RemoveMonitor(ActorMonitor Monitor) : INoSerializationVerificationNeeded;

    /// <summary>Tie two actors.</summary>
    internal sealed record AddLink(IActorRef One, IActorRef Other, bool WasRunning) : INoSerializationVerificationNeeded;

    /// <summary>Untie two actors.</summary>
    internal sealed record RemoveLink(IActorRef One, IActorRef Other) : INoSerializationVerificationNeeded;

    private sealed class Ties
    {
        public HashSet<ActorMonitor> Monitors { get; } = [];

        public HashSet<ActorMonitor> MonitoredBy { get; } = [];

        /// <summary>The other ends; whether this end ran when the link was made.</summary>
        public Dictionary<IActorRef, bool> Links { get; } = [];

        public bool IsEmpty => Monitors.Count + MonitoredBy.Count + Links.Count == 0;
    }
}
