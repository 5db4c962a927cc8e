using Akka.Actor;

namespace AkkaDurable.Placement.Tests.Strategy;

/// <summary>A reference to a shard region on a node that is not there.</summary>
internal sealed class FakeRegion(string address) : MinimalActorRef
{
    public override ActorPath Path { get; } = new RootActorPath(Address.Parse(address)) / "region";

    public override IActorRefProvider Provider => throw new NotSupportedException();
}
