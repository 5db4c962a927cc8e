using Akka.Actor;
using AkkaDurable.Supervision.Internal.Links;

namespace AkkaDurable.Supervision;

/// <summary>Monitors and links, as in OTP. To be called in an actor; needs no supervisor.</summary>
/// <remarks>Reasons are known for actors of this process: what they say by <see cref="ActorExitExtensions.Stop"/>, and what ended them as children of our supervisors. A plain stop, and the end of an actor elsewhere, is <see cref="ExitReason.Normal"/>.</remarks>
public static class ActorMonitorExtensions
{
    /// <summary>Has this actor told, by one <see cref="Down"/>, when another ends.</summary>
    /// <param name="context">This actor's context.</param>
    /// <param name="target">The other one.</param>
    /// <returns>The monitor.</returns>
    public static ActorMonitor Monitor(this IActorContext context, IActorRef target)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(target);
        var monitor = new ActorMonitor(context.Self, target);
        LinkHub.Of(context.System).Tell(new LinkHubActor.AddMonitor(monitor), ActorRefs.NoSender);
        return monitor;
    }

    /// <summary>Ends a monitor. A <see cref="Down"/> that is under way still comes.</summary>
    /// <param name="context">This actor's context.</param>
    /// <param name="monitor">The monitor.</param>
    public static void Demonitor(this IActorContext context, ActorMonitor monitor)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(monitor);
        LinkHub.Of(context.System).Tell(new LinkHubActor.RemoveMonitor(monitor), ActorRefs.NoSender);
    }

    /// <summary>Ties this actor to another: when one ends with another reason than <see cref="ExitKind.Normal"/>, the other is ended with that reason. For two that may end together but not apart.</summary>
    /// <param name="context">This actor's context.</param>
    /// <param name="other">The other one. When it does not run, this one is ended with <see cref="ExitReason.NotRunning"/>.</param>
    /// <remarks>A link is of two runs: a child that was restarted links again, for example in <c>PreStart</c>. Linking twice is linking once.</remarks>
    public static void Link(this IActorContext context, IActorRef other)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(other);
        LinkHub.Of(context.System).Tell(new LinkHubActor.AddLink(context.Self, other, Liveness.IsRunning(other)), ActorRefs.NoSender);
    }

    /// <summary>Unties this actor from another.</summary>
    /// <param name="context">This actor's context.</param>
    /// <param name="other">The other one.</param>
    public static void Unlink(this IActorContext context, IActorRef other)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(other);
        LinkHub.Of(context.System).Tell(new LinkHubActor.RemoveLink(context.Self, other), ActorRefs.NoSender);
    }
}
