using Akka.Actor;

namespace AkkaDurable.Hosting.Internal.Supervision.Singletons;

/// <summary>The one <see cref="SingletonSite"/> of an actor system.</summary>
internal sealed class SingletonSites(ExtendedActorSystem system) : IExtension
{
    public IActorRef Site { get; } = system.ActorOf(Props.Create<SingletonSite>(), SingletonSite.SiteName);

    public static SingletonSites Get(ActorSystem system) => system.WithExtension<SingletonSites, Provider>();

    private sealed class Provider : ExtensionIdProvider<SingletonSites>
    {
        public override SingletonSites CreateExtension(ExtendedActorSystem system) => new(system);
    }
}
