using Akka.Actor;
using AkkaDurable.Internal.Calls;

namespace AkkaDurable.Internal.Couriers;

/// <summary>
/// Stands, as the sender of what a batch brought, for the callers of the node that it came from: what it is told travels back in batches too. To everybody else it is that node's courier, as whose
/// address it crosses the wire when a server's region hands a message on to a third node.
/// </summary>
internal sealed class RemoteCaller(Peer peer, IActorRefProvider provider) : MinimalActorRef
{
    public override ActorPath Path => peer.Courier.Path;

    public override IActorRefProvider Provider => provider;

    // Replies to it are encoded, and checked, before the state is saved that they rest on.
    public override bool IsLocal => false;

    protected override void TellInternal(object message, IActorRef sender)
    {
        if (message is ReplyEnvelope reply)
        {
            peer.Send(reply);
        }
        else
        {
            peer.Courier.Tell(message, sender);
        }
    }
}
