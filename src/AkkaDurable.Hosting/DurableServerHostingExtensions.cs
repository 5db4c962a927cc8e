using Akka.DependencyInjection;
using AkkaDurable;
using AkkaDurable.Hosting.Internal.Configuration;
using AkkaDurable.Hosting.Internal.Wiring;
using Microsoft.Extensions.Configuration;

namespace Akka.Hosting;

/// <summary>Registers types of durable servers with Akka.Hosting.</summary>
public static class DurableServerHostingExtensions
{
    /// <summary>Runs this node's share of the servers of a type, and makes them callable from here: inject <see cref="IDurableServers{TServer}"/> (see <see cref="DurableServersServiceCollectionExtensions.AddDurableServers"/>).</summary>
    /// <typeparam name="TServer">The server class. Its constructor may take services of the application; it then gets a scope of its own, which lasts as long as the server is in memory.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="typeName">The type's name, in the store and in the cluster: 1 to 100 ASCII letters, digits, <c>-</c>, <c>_</c>, <c>.</c>. It never changes.</param>
    /// <param name="configure">How the servers run. Goes over the configuration section <c>AkkaDurable:Servers:{typeName}</c>, which goes over the defaults.</param>
    /// <returns>The same builder.</returns>
    /// <remarks>
    /// <para>Needs a cluster: <see cref="DurableClusterHostingExtensions.WithDurableCluster"/>, or Akka's own <c>WithRemoting</c> and <c>WithClustering</c>. The order of the calls does not matter.</para>
    /// <para>The host does not start when a setting is wrong (<see cref="DurableConfigurationException"/>), the store cannot be reached (<see cref="StoreUnavailableException"/>), or the store belongs to
    /// something else or to a newer version (<see cref="StoreSchemaException"/>). Adds <see cref="DurableHealthCheckHostingExtensions.WithDurableHealthCheck"/>.</para>
    /// </remarks>
    public static AkkaConfigurationBuilder WithDurableServer<TServer>(this AkkaConfigurationBuilder builder, string typeName, Action<DurableServerOptions>? configure = null)
        where TServer : DurableServer
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(typeName);
        return builder
            .WithDurableHealthCheck()
            .WithActors(async (system, _, resolver) => await DurableServers.Get(system).RegisterAsync<TServer>(typeName, Options(resolver, typeName, configure)).ConfigureAwait(false));
    }

    /// <summary>Makes the servers of a type callable from a node that does not run any of them. Needs no state store.</summary>
    /// <typeparam name="TServer">The server class.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="typeName">The type's name, as on the nodes that run it.</param>
    /// <param name="configure">As on the nodes that run it: <see cref="DurableServerOptions.ShardCount"/> and <see cref="DurableServerOptions.Role"/> must be the same. Goes over the configuration section <c>AkkaDurable:Servers:{typeName}</c>.</param>
    /// <returns>The same builder.</returns>
    public static AkkaConfigurationBuilder WithDurableServerProxy<TServer>(this AkkaConfigurationBuilder builder, string typeName, Action<DurableServerOptions>? configure = null)
        where TServer : DurableServer
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(typeName);
        DurableHostSetup.Of(builder);
        return builder.WithActors(async (system, _, resolver) => await DurableServers.Get(system).RegisterProxyAsync<TServer>(typeName, Options(resolver, typeName, configure)).ConfigureAwait(false));
    }

    private static DurableServerOptions Options(IDependencyResolver services, string typeName, Action<DurableServerOptions>? configure) =>
        ServerSettings.Build(AppConfiguration.ServerSection(services.GetService<IConfiguration>(), typeName), typeName, configure);
}
