using Akka.Actor;
using AkkaDurable.Internal.Calls;

namespace AkkaDurable.Internal.Runtime;

/// <summary>Something that is about to leave a server: a reply, a failure, a cast, a call or a plain message.</summary>
internal readonly record struct Output(ICanTell Target, object Message, IActorRef Sender)
{
    public void Send()
    {
        (Message as CallEnvelope)?.Leave();
        Target.Tell(Message, Sender);
    }
}
