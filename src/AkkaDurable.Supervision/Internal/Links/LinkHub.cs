using Akka.Actor;

namespace AkkaDurable.Supervision.Internal.Links;

/// <summary>The one actor of a system that keeps its monitors and links.</summary>
internal sealed class LinkHub : ExtensionIdProvider<LinkHub.Extension>
{
    public static IActorRef Of(ActorSystem system) => system.WithExtension<Extension, LinkHub>().Actor;

    public override Extension CreateExtension(ExtendedActorSystem system) =>
        new(system.SystemActorOf(Props.Create<LinkHubActor>(), "akka-durable-links"));

    internal sealed record Extension(IActorRef Actor) : IExtension;
}
