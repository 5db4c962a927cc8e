using Akka.Actor;
using AkkaDurable.Internal.Couriers;

namespace AkkaDurable.Internal.Calls;

/// <summary>The one long-lived reply address of a node: an actor reference without a mailbox, which ends calls on the thread that brings the reply.</summary>
internal sealed class CallChannelRef(CallChannel channel, ActorPath path, IActorRefProvider? provider) : MinimalActorRef
{
    public override ActorPath Path { get; } = path;

    public override IActorRefProvider Provider => provider ?? throw new InvalidOperationException("A probe has no actor system.");

    /// <summary>The other nodes, once there is a cluster: replies tell where the servers are.</summary>
    public Peers? Peers { get; set; }

    protected override void TellInternal(object message, IActorRef sender)
    {
        if (message is ReplyEnvelope reply)
        {
            if (sender is IActorRefScope { IsLocal: false })
            {
                Peers?.LearnFrom(reply, sender);
            }

            channel.Complete(reply);
        }
    }
}
