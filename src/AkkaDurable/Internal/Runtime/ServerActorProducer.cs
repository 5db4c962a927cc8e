using Akka.Actor;

namespace AkkaDurable.Internal.Runtime;

/// <summary>Makes server actors by plain construction; the usual <c>Props.Create(() => …)</c> compiles an expression for each of them. One for all servers of a type.</summary>
internal sealed class ServerActorProducer(ServerType type) : IIndirectActorProducer
{
    public Type ActorType => typeof(ServerActor);

    /// <summary>What all server actors of a type are made by.</summary>
    public static Props PropsOf(ServerType type) => Props.CreateBy(new ServerActorProducer(type)).WithMailbox(ServerMailbox.Id);

    public ActorBase Produce() => new ServerActor(type);

    public void Release(ActorBase actor)
    {
        // The actor has let go of everything in PostStop.
    }
}
