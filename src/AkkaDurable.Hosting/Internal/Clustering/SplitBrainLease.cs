using Akka.Actor;
using AkkaDurable.Hosting.Internal.Storage;
using AkkaDurable.Hosting.Internal.Wiring;
using AkkaDurable.Sql;

namespace AkkaDurable.Hosting.Internal.Clustering;

/// <summary>Where the split-brain resolver's lease is kept.</summary>
internal static class SplitBrainLease
{
    public static SqlStateStoreOptions Database(ActorSystem system)
    {
        var options = SqlStore.Options(system, DurableHostExtension.HostSetupOf(system).Sql, out var isDefaultFile);

        // A file beside each app would be granted on both sides.
        return isDefaultFile
            ? throw new DurableConfigurationException(
                $"{nameof(DurableClusterOptions)}.{nameof(DurableClusterOptions.SplitBrain)}",
                nameof(SplitBrainStrategy.LeaseMajority),
                "it needs a database that all nodes share, also on nodes that only call servers: name it by WithDurableSql or AkkaDurable:Sql:ConnectionString")
            : options;
    }
}
