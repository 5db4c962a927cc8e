using Akka.Actor;

namespace AkkaDurable.TestKit.Internal;

/// <summary>An actor reference without an actor system.</summary>
internal sealed class ProbeRef(string name, Action<object, IActorRef> receive, bool isLocal = true) : MinimalActorRef
{
    public override ActorPath Path { get; } = new RootActorPath(new Address("akka", "probe")) / "user" / name;

    public override bool IsLocal { get; } = isLocal;

    public override IActorRefProvider Provider => throw new InvalidOperationException("A probe has no actor system.");

    protected override void TellInternal(object message, IActorRef sender) => receive(message, sender);
}
