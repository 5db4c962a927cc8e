using Akka.Actor;

namespace AkkaDurable.Hosting.Internal.Wiring;

internal sealed class DurableHostExtensionProvider : ExtensionIdProvider<DurableHostExtension>
{
    public override DurableHostExtension CreateExtension(ExtendedActorSystem system) => new(system);
}
