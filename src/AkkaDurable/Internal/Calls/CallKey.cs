using Akka.Actor;

namespace AkkaDurable.Internal.Calls;

/// <summary>What the attempts of one call have in common, and no other call: the calling node with its number for the call, told by the node's session or, of a call with a given id, by its address.</summary>
internal readonly record struct CallKey(long CorrelationId, long Session, string? Given, IActorRef? Sender)
{
    public static CallKey Of(CallEnvelope call, IActorRef sender) =>
        call.Id.Session != 0 ? new(call.CorrelationId, call.Id.Session, null, null) : new(call.CorrelationId, 0, call.Id.Given, sender);
}
