using AkkaDurable;
using AkkaDurable.Hosting.Internal.Wiring;

namespace Akka.Hosting;

/// <summary>Groups and lifecycle events with Akka.Hosting.</summary>
public static class DurableGroupHostingExtensions
{
    /// <summary>Sets up groups and lifecycle events, and has the node take part in them from its start. Nodes with a durable server type take part anyway; this is for their settings, and for nodes without any.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Changes the options.</param>
    /// <returns>The same builder.</returns>
    /// <remarks>Inject <see cref="IDurableGroups"/> and <see cref="IDurableEvents"/> (see <see cref="DurableServersServiceCollectionExtensions.AddDurableServers"/>). Needs a cluster. The host does not start when a setting is wrong (<see cref="DurableConfigurationException"/>).</remarks>
    public static AkkaConfigurationBuilder WithDurableGroups(this AkkaConfigurationBuilder builder, Action<DurableGroupOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        DurableHostSetup.Of(builder);
        configure?.Invoke(builder.Setups.OfType<DurableServersSetup>().Single().Groups);
        return builder.WithActors(static (system, registry) =>
        {
            // Asking starts them.
            _ = DurableServers.Get(system).Groups;
        });
    }
}
