using Akka.Actor;
using Akka.Cluster;
using Akka.DependencyInjection;
using Akka.Event;
using AkkaDurable.Hosting.Internal.Clustering;
using AkkaDurable.Hosting.Internal.Configuration;
using AkkaDurable.Hosting.Internal.Stopping;
using AkkaDurable.Hosting.Internal.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AkkaDurable.Hosting.Internal.Wiring;

/// <summary>
/// Completes the <see cref="DurableServersSetup"/> with what only the app's services know. An extension, because Akka loads it before anyone can get hold of the actor system: whoever is
/// first to ask for <see cref="DurableServers"/>, an actor starter or a hosted service, finds it complete.
/// </summary>
internal sealed class DurableHostExtension : IExtension
{
    public DurableHostExtension(ExtendedActorSystem system)
    {
        var host = HostSetupOf(system);
        var setup = SetupOf(system);
        setup.Services ??= ServicesOf(system);
        setup.Loggers ??= setup.Services.GetService<ILoggerFactory>();
        if (ReferenceEquals(setup.Time, TimeProvider.System) && setup.Services.GetService<TimeProvider>() is { } time)
        {
            setup.Time = time;
        }

        if (host.Location is { } location)
        {
            LocationVerb.Check(location, Cluster.Get(system));
        }

        setup.StateStore ??= host.StateStore ?? (static system => SqlStore.Open(system, configure: null));
        setup.LeaseTimeToLive = host.LeaseTimeToLive ?? AppConfiguration.LeaseTimeToLive(setup.Services.GetService<IConfiguration>()) ?? setup.LeaseTimeToLive;
        setup.ShutdownBudget = host.ShutdownBudget ?? AppConfiguration.ShutdownBudget(setup.Services.GetService<IConfiguration>()) ?? setup.ShutdownBudget;
        ShutdownVerb.RaiseHostTimeout(setup.Services, setup.ShutdownBudget, CoordinatedShutdown.Get(system));
        if (host.Warning is { } warning)
        {
            system.Log.Warning(warning);
        }

        if (host.EndProcessWhenDowned == true)
        {
            _ = DownedNode.WatchAsync(system, setup.Services, TimeProvider.System, (setup.Loggers ?? NullLoggerFactory.Instance).CreateLogger("AkkaDurable.Hosting"));
        }
    }

    public static DurableServersSetup SetupOf(ActorSystem system) => system.Settings.Setup.Get<DurableServersSetup>().Value;

    public static DurableHostSetup HostSetupOf(ActorSystem system) => system.Settings.Setup.Get<DurableHostSetup>().Value;

    private static IServiceProvider ServicesOf(ActorSystem system) => DependencyResolver.For(system).Resolver.GetService<IServiceProvider>();
}
