using AkkaDurable;
using AkkaDurable.Hosting.Internal.Clustering;
using AkkaDurable.Placement;

namespace Akka.Hosting;

/// <summary>Where a node is, and how much it takes.</summary>
public static class DurablePlacementHostingExtensions
{
    /// <summary>Says where this node is: which region, zone and machine. The cluster learns it by roles of the node (<c>dc-REGION</c> and more), beside those that it has.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="location">The location. Default: the configuration section <c>AkkaDurable:Node</c> (<c>Region</c>, <c>Zone</c>, <c>Machine</c>), which goes over <see cref="NodeLocation.FromEnvironment"/>.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="DurableConfigurationException">A part of the location that the configuration or the environment gives is not a name.</exception>
    /// <remarks>
    /// To be called after <see cref="DurableClusterHostingExtensions.WithDurableCluster"/> or Akka's <c>WithClustering</c>, which replaces the roles: the host does not start when they are lost. Without it the node
    /// is in the region <see cref="NodeLocation.DefaultRegion"/>.
    /// </remarks>
    public static AkkaConfigurationBuilder WithNodeLocation(this AkkaConfigurationBuilder builder, NodeLocation? location = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        LocationVerb.Apply(builder, location);
        return builder;
    }

    /// <summary>Says how much this node takes. A node at a limit gets no further shards; at a limit of servers it starts no more of them: calls that need one fail with <see cref="CapacityExceededException"/>.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="limits">The limits.</param>
    /// <returns>The same builder.</returns>
    public static AkkaConfigurationBuilder WithCapacityLimits(this AkkaConfigurationBuilder builder, CapacityLimits limits)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(limits);
        LocationVerb.SetupOf(builder).Limits = limits;
        return builder;
    }
}
