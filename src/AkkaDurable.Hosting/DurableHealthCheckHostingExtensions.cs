using Akka.Actor;
using AkkaDurable;
using AkkaDurable.Hosting.Internal.Wiring;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Akka.Hosting;

/// <summary>Health checks of durable servers.</summary>
public static class DurableHealthCheckHostingExtensions
{
    private const string Name = "akka.durable.store";
    private static readonly string[] Tags = ["akka", "ready", "akka.durable"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Adds the health check <c>akka.durable.store</c>, tagged <c>akka</c>, <c>ready</c> and <c>akka.durable</c>: healthy when the state store answers within 5 s, else unhealthy with the exception.
    /// <see cref="DurableServerHostingExtensions.WithDurableServer"/> adds it by itself. The application calls <c>services.AddHealthChecks()</c>.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    public static AkkaConfigurationBuilder WithDurableHealthCheck(this AkkaConfigurationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var setup = DurableHostSetup.Of(builder);
        if (setup.HasHealthCheck)
        {
            return builder;
        }

        setup.HasHealthCheck = true;
        return builder.WithHealthCheck(Name, (system, _, cancellationToken) => CheckAsync(system, cancellationToken), HealthStatus.Unhealthy, Tags, Patience);
    }

    private static async Task<HealthCheckResult> CheckAsync(ActorSystem system, CancellationToken cancellationToken)
    {
        // What it throws makes the check unhealthy, with the exception.
        await DurableServers.Get(system).Store.PingAsync(cancellationToken).ConfigureAwait(false);
        return HealthCheckResult.Healthy("The state store answers.");
    }
}
