using Akka.Cluster;
using Akka.Hosting;
using AkkaDurable.Storage;

namespace AkkaDurable.Hosting.Tests;

internal static class TestHostExtensions
{
    /// <summary>A cluster of one on a free port.</summary>
    public static AkkaConfigurationBuilder WithLonelyCluster(this AkkaConfigurationBuilder builder) =>
        builder.WithDurableCluster(cluster => cluster.Port = 0).JoinItself();

    public static AkkaConfigurationBuilder JoinItself(this AkkaConfigurationBuilder builder) =>
        builder.WithActors((system, _) => Cluster.Get(system).Join(Cluster.Get(system).SelfAddress));

    public static AkkaConfigurationBuilder WithMemory(this AkkaConfigurationBuilder builder) => builder.WithDurableStateStore(_ => new InMemoryStateStore());
}
