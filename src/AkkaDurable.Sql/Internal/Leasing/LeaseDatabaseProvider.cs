using Akka.Actor;

namespace AkkaDurable.Sql.Internal.Leasing;

internal sealed class LeaseDatabaseProvider : ExtensionIdProvider<LeaseDatabase>
{
    public override LeaseDatabase CreateExtension(ExtendedActorSystem system) => new(system);
}
