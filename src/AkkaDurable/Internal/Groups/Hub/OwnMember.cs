using Akka.Actor;
using AkkaDurable.Internal.Groups.Replication;

namespace AkkaDurable.Internal.Groups.Hub;

/// <summary>A member that joined on this node.</summary>
internal sealed class OwnMember(object member, Entry entry)
{
    /// <summary>The actor, the consumer or the server.</summary>
    public object Member { get; } = member;

    public Entry Entry { get; set; } = entry;

    public void Deliver(object message)
    {
        switch (Member)
        {
            case GroupConsumer consumer:
                consumer.Deliver(message);
                break;
            case ServerMember server:
                server.Self.Tell(message, ActorRefs.NoSender);
                break;
            case IActorRef actor:
                actor.Tell(message, ActorRefs.NoSender);
                break;
        }
    }
}
