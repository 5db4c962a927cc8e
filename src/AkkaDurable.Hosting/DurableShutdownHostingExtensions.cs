using AkkaDurable;
using AkkaDurable.Hosting.Internal.Stopping;

namespace Akka.Hosting;

/// <summary>How a node stops.</summary>
public static class DurableShutdownHostingExtensions
{
    /// <summary>
    /// Says how long this node may take to stop in order, on SIGTERM for example: no servers come any more, those that run end their handlers, save and go to other nodes, and the node leaves the cluster.
    /// What could not be saved by then is logged by key, in one event (category <c>AkkaDurable.Shutdown</c>, id 1202), and told by <see cref="DurableServers.Shutdown"/>.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="budget">3 seconds to 1 hour. Default: the setting <c>AkkaDurable:ShutdownBudget</c> of the configuration, else 30 seconds. Whoever kills the process has to wait for longer.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="DurableConfigurationException"><paramref name="budget"/> breaks the rule.</exception>
    /// <remarks>Sets the time-outs of Akka's phases that go with it, and raises <c>HostOptions.ShutdownTimeout</c> to the budget and 5 seconds if it is less. Time that other hosted services or other phases take comes on top.</remarks>
    public static AkkaConfigurationBuilder WithShutdownBudget(this AkkaConfigurationBuilder builder, TimeSpan budget)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ShutdownVerb.Apply(builder, budget);
        return builder;
    }
}
