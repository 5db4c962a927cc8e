using Akka.Actor;
using AkkaDurable;
using AkkaDurable.Hosting.Internal.Wiring;
using AkkaDurable.Placement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Akka.Hosting;

/// <summary>Makes durable servers injectable.</summary>
public static class DurableServersServiceCollectionExtensions
{
    /// <summary>Makes <see cref="IDurableServers{TServer}"/> injectable for every server type that <c>WithDurableServer</c> or <c>WithDurableServerProxy</c> registers; <see cref="IDurableGroups"/> and <see cref="IDurableEvents"/>; and <see cref="IPlacementControl"/>, by which operators move servers and drain nodes.</summary>
    /// <param name="services">The application's services.</param>
    /// <returns>The same services.</returns>
    /// <remarks>
    /// A line of its own, because <c>AddAkka</c> runs its delegate when the services are complete already. May be called before or after <c>AddAkka</c>, and more than once. The servers of a
    /// type can be used as soon as the host has started.
    /// </remarks>
    public static IServiceCollection AddDurableServers(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAdd(ServiceDescriptor.Singleton(typeof(IDurableServers<>), typeof(InjectedServers<>)));
        services.TryAddSingleton<IPlacementControl>(static services => PlacementControl.Get(services.GetRequiredService<ActorSystem>()));
        services.TryAddSingleton<IDurableGroups, InjectedGroups>();
        services.TryAddSingleton<IDurableEvents, InjectedEvents>();
        return services;
    }
}
