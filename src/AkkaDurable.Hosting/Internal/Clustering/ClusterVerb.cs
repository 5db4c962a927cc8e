using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Hosting;
using Akka.Remote.Hosting;
using AkkaDurable.Hosting.Internal.Configuration;
using AkkaDurable.Hosting.Internal.Wiring;
using AkkaDurable.Sql;

namespace AkkaDurable.Hosting.Internal.Clustering;

/// <summary>What <c>WithDurableCluster</c> does to a builder.</summary>
internal static class ClusterVerb
{
    public static void Apply(AkkaConfigurationBuilder builder, Action<DurableClusterOptions>? configure)
    {
        var systemName = BuilderAccess.SystemNameOf(builder);
        var section = AppConfiguration.ClusterSection(AppConfiguration.Find(BuilderAccess.ServicesOf(builder)));
        var options = ClusterSettings.Build(section, systemName, configure);

        // Read before WithClustering writes over them.
        var rolesBefore = Listed(builder, "akka.cluster.roles");
        var seedsBefore = Listed(builder, "akka.cluster.seed-nodes");
        builder
            .AddHocon(FailureProfileHocon.Of(options.Profile, options.SplitBrain), HoconAddMode.Prepend)
            .WithRemoting(new RemoteOptions { HostName = options.Hostname, Port = options.Port, PublicHostName = options.PublicHostname, PublicPort = options.PublicPort })
            .WithClustering(new ClusterOptions
            {
                Roles = [.. rolesBefore.Union(options.Roles)],
                SeedNodes = [.. Seeds(options, seedsBefore, systemName)],
                AppVersion = options.AppVersion,
            });

        var setup = DurableHostSetup.Of(builder);
        setup.EndProcessWhenDowned = options.EndProcessWhenDowned;
        if (options.SplitBrain == SplitBrainStrategy.LeaseMajority)
        {
            // At startup, as a lease that cannot be had is found out too late when the network is cut.
            builder
                .AddSetup(new SqlLeaseSetup(SplitBrainLease.Database))
                .WithActors(async (system, _) => await SqlLease.PrepareAsync(system).ConfigureAwait(false));
        }

        if (options is { Port: 0, PublicPort: null, SeedNodes.Count: 0 } && seedsBefore.Count == 0)
        {
            setup.Warning =
                "This node listens on a free port and has no seed nodes, so it joins no cluster and its durable servers do not answer before it is told to: Cluster.Get(system).Join(address).";
        }
    }

    private static IEnumerable<string> Seeds(DurableClusterOptions options, IList<string> seedsBefore, string systemName) =>
        options.SeedNodes.Count > 0 ? options.SeedNodes
        : seedsBefore.Count > 0 || options is { Port: 0, PublicPort: null } ? seedsBefore
        : [new Address("akka.tcp", systemName, options.PublicHostname ?? options.Hostname, options.PublicPort ?? options.Port).ToString()];

    private static IList<string> Listed(AkkaConfigurationBuilder builder, string path) =>
        builder.Configuration.HasValue ? builder.Configuration.Value.GetStringList(path, []) : [];
}
