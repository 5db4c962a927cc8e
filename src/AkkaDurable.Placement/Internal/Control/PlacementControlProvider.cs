using Akka.Actor;

namespace AkkaDurable.Placement.Internal.Control;

internal sealed class PlacementControlProvider : ExtensionIdProvider<PlacementControl>
{
    public override PlacementControl CreateExtension(ExtendedActorSystem system) => new(system);
}
