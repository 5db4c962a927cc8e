using AkkaDurable;
using AkkaDurable.Hosting.Internal.Clustering;

namespace Akka.Hosting;

/// <summary>Remoting, clustering and handling of failures in one verb.</summary>
public static class DurableClusterHostingExtensions
{
    /// <summary>Makes this node a member of a cluster: Akka's <c>WithRemoting</c> and <c>WithClustering</c> with settings that were measured together.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Where to listen and what to join. Goes over the configuration section <c>AkkaDurable:Cluster</c>, which goes over the defaults: a cluster of one on <c>localhost:8110</c>.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="DurableConfigurationException">An option breaks a rule.</exception>
    /// <remarks>
    /// <para><see cref="FailureProfile"/> says how soon the cluster takes a silent node for dead, and what that costs. Of a split cluster <see cref="SplitBrainStrategy"/> says which side lives on;
    /// the nodes of the other side shut down, and their processes end with an exit code other than 0 (<see cref="DurableClusterOptions.EndProcessWhenDowned"/>), so let something restart them. It takes three nodes to survive the loss of any one.</para>
    /// <para>Messages between nodes may be up to 1 MiB. Roles and seed nodes that the builder has already are kept. HOCON that is prepended later goes over all this.</para>
    /// <para>The section is read from the configuration of the host builder, or from an <c>IConfiguration</c> that was added to the services as an instance.</para>
    /// </remarks>
    public static AkkaConfigurationBuilder WithDurableCluster(this AkkaConfigurationBuilder builder, Action<DurableClusterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ClusterVerb.Apply(builder, configure);
        return builder;
    }
}
