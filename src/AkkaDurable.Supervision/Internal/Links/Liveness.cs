using Akka.Actor;

namespace AkkaDurable.Supervision.Internal.Links;

/// <summary>Whether an actor of this process runs.</summary>
internal static class Liveness
{
    /// <summary>Asked when a monitor or link is made, since the hub learns of it a moment later: an actor that ended in between ended for a reason, it was not missing.</summary>
    public static bool IsRunning(IActorRef actor) => actor is ActorRefWithCell { IsTerminated: false };
}
