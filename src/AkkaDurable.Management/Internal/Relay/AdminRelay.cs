using Akka.Actor;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.DependencyInjection;

namespace AkkaDurable.Management.Internal.Relay;

/// <summary>Has a node run its own verbs for the other nodes' admin APIs. What a caller may do is decided where the caller asks: nodes of a cluster trust each other.</summary>
internal sealed class AdminRelay : IExtension
{
    private readonly ExtendedActorSystem _system;
    private readonly Lock _gate = new();
    private bool _isStarted;

    private AdminRelay(ExtendedActorSystem system)
    {
        _system = system;

        // By configuration, since each extension that brings settings of its own makes the system build its serializers anew.
        system.Settings.InjectTopLevelFallback(RelaySerializer.Configuration);
    }

    /// <summary>Makes this node able to ask others.</summary>
    public static AdminRelay Get(ActorSystem system) => system.WithExtension<AdminRelay, Provider>();

    /// <summary>Makes this node answer others, too.</summary>
    public static void Start(ActorSystem system, IServiceProvider services) => Get(system).Start(services);

    private void Start(IServiceProvider services)
    {
        lock (_gate)
        {
            if (!_isStarted)
            {
                _isStarted = true;
                var log = (services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger("AkkaDurable.Admin");
                _system.SystemActorOf(Props.Create(() => new RelayHost(services, log)).WithDeploy(Deploy.Local), RelayHost.Name);
            }
        }
    }

    internal sealed class Provider : ExtensionIdProvider<AdminRelay>
    {
        public override AdminRelay CreateExtension(ExtendedActorSystem system) => new(system);
    }
}
