using Akka.Actor;
using AkkaDurable.Supervision.Internal.Runtime;

namespace AkkaDurable.Supervision;

/// <summary>What an actor says to its supervisor. To be called in the actor.</summary>
public static class ActorExitExtensions
{
    /// <summary>Ends this actor for a reason, after the message that is being handled. A plain <c>Context.Stop(Self)</c> ends it normally.</summary>
    /// <param name="context">The actor's context.</param>
    /// <param name="reason">Why.</param>
    /// <remarks>In <c>PreStart</c> it makes the start fail, for whatever reason.</remarks>
    public static void Stop(this IActorContext context, ExitReason reason)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(reason);
        ExitReasons.Note(context.Self, reason);
        context.Stop(context.Self);
    }

    /// <summary>Says in <c>PreStart</c> that there is nothing to run: the start has not failed, but there is no child. OTP's <c>ignore</c>.</summary>
    /// <param name="context">The actor's context.</param>
    public static void IgnoreStart(this IActorContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        ExitReasons.Note(context.Self, ExitReasons.Ignored);
        context.Stop(context.Self);
    }
}
