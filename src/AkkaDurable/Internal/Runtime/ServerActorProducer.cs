using Akka.Actor;

namespace AkkaDurable.Internal.Runtime;

/// <summary>Makes server actors by plain construction; the usual <c>Props.Create(() => …)</c> compiles an expression for each of them.</summary>
internal sealed class ServerActorProducer(ServerType type, string key) : IIndirectActorProducer
{
    public Type ActorType => typeof(ServerActor);

    public ActorBase Produce() => new ServerActor(type, key);

    public void Release(ActorBase actor)
    {
        // The actor has let go of everything in PostStop.
    }
}
