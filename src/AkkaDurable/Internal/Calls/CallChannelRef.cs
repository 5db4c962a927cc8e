using Akka.Actor;

namespace AkkaDurable.Internal.Calls;

/// <summary>The one long-lived reply address of a node: an actor reference without a mailbox, which ends calls on the thread that brings the reply.</summary>
internal sealed class CallChannelRef(CallChannel channel, ActorPath path, IActorRefProvider? provider) : MinimalActorRef
{
    public override ActorPath Path { get; } = path;

    public override IActorRefProvider Provider => provider ?? throw new InvalidOperationException("A probe has no actor system.");

    protected override void TellInternal(object message, IActorRef sender)
    {
        if (message is ReplyEnvelope reply)
        {
            channel.Complete(reply);
        }
    }
}
