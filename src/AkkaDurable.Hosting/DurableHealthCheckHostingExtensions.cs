using Akka.Actor;
using AkkaDurable;
using AkkaDurable.Hosting.Internal.Health;
using AkkaDurable.Hosting.Internal.Wiring;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Akka.Hosting;

/// <summary>Health checks of durable servers.</summary>
public static class DurableHealthCheckHostingExtensions
{
    private static readonly string[] Tags = ["akka", "ready", "akka.durable"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Adds the health checks of this node, tagged <c>akka</c>, <c>ready</c> and <c>akka.durable</c>; each says what is wrong, with figures. <see cref="DurableServerHostingExtensions.WithDurableServer"/> adds them by
    /// itself. The application calls <c>services.AddHealthChecks()</c>.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    /// <remarks>
    /// <para><c>akka.durable.store</c>: healthy when the state store answers within 5 s, else unhealthy with the exception.</para>
    /// <para><c>akka.durable.lease</c>: degraded while the node's lease is not renewed or was just taken away, unhealthy when the servers here may not answer.</para>
    /// <para><c>akka.durable.regions</c>: degraded when a server type's coordinator does not answer or does not know this node, unhealthy when its shard region here has not started or has ended.</para>
    /// <para><c>akka.durable.placement</c>: degraded while shards wait for a place, run here away from their home region, or the node is drained or cordoned; unhealthy when nothing can be placed on it.</para>
    /// <para>None of them is for liveness: no restart of the process would mend what they tell of.</para>
    /// </remarks>
    public static AkkaConfigurationBuilder WithDurableHealthCheck(this AkkaConfigurationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var setup = DurableHostSetup.Of(builder);
        if (setup.HasHealthCheck)
        {
            return builder;
        }

        setup.HasHealthCheck = true;
        Add("store", CheckStoreAsync);
        Add("lease", static (system, _) => Task.FromResult(LeaseCheck.Check(DurableServers.Get(system).Node)));
        Add("regions", static (system, cancellationToken) => RegionsCheck.CheckAsync(DurableServers.Get(system), Cluster.Cluster.Get(system).SelfAddress, cancellationToken));
        Add("placement", static (system, cancellationToken) => PlacementCheck.CheckAsync(DurableServers.Get(system), cancellationToken));
        return builder;

        void Add(string name, Func<ActorSystem, CancellationToken, Task<HealthCheckResult>> check) =>
            builder.WithHealthCheck($"akka.durable.{name}", (system, _, cancellationToken) => check(system, cancellationToken), HealthStatus.Unhealthy, Tags, Patience);
    }

    private static async Task<HealthCheckResult> CheckStoreAsync(ActorSystem system, CancellationToken cancellationToken)
    {
        // What it throws makes the check unhealthy, with the exception.
        await DurableServers.Get(system).Store.PingAsync(cancellationToken).ConfigureAwait(false);
        return HealthCheckResult.Healthy("The state store answers.");
    }
}
