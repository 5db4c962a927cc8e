using Akka.Actor;
using AkkaDurable;
using AkkaDurable.Management;
using AkkaDurable.Management.Internal.Http;
using AkkaDurable.Management.Internal.Relay;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the admin API into a web app.</summary>
public static class DurableAdminEndpointExtensions
{
    /// <summary>
    /// Maps the admin API: <c>GET …/commands</c> says which commands there are, <c>POST …/commands/{palette}/{verb}</c> runs one and <c>GET …/openapi.json</c> describes the whole. It answers this machine only, and
    /// changes nothing, until the options say who may.
    /// </summary>
    /// <param name="endpoints">The app. It has an actor system in its services, as <c>AddAkka</c> does it.</param>
    /// <param name="configure">Who may do what. Default: requests from this machine, which only look.</param>
    /// <param name="prefix">Where the API is.</param>
    /// <returns>The group of its endpoints, for example to have the app's own authorization required for all of it.</returns>
    /// <exception cref="DurableConfigurationException">An option breaks a rule.</exception>
    public static RouteGroupBuilder MapAkkaDurable(this IEndpointRouteBuilder endpoints, Action<DurableAdminOptions>? configure = null, string prefix = "/akka-durable")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        var options = new DurableAdminOptions();
        configure?.Invoke(options);
        var services = endpoints.ServiceProvider;

        // Other nodes are answered from the start, not from the first request on. The actor system is only there when the app has started.
        services.GetService<IHostApplicationLifetime>()?.ApplicationStarted.Register(() => AdminRelay.Start(services.GetRequiredService<ActorSystem>(), services));
        return AdminApi.Map(endpoints, options, prefix, services.GetRequiredService<ActorSystem>, services);
    }
}
