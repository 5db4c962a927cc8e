using Akka.Actor;
using Microsoft.Extensions.DependencyInjection;

namespace AkkaDurable.Hosting.Internal.Wiring;

/// <summary>What is injected as <see cref="IDurableServers{TServer}"/>. Asks for the servers when they are first used: who is injected is often made before the type is registered.</summary>
internal sealed class InjectedServers<TServer>(IServiceProvider services) : IDurableServers<TServer>
    where TServer : DurableServer
{
    private IDurableServers<TServer>? _servers;

    public string ServerType => Servers.ServerType;

    private IDurableServers<TServer> Servers => _servers ??= DurableServers.Get(services.GetRequiredService<ActorSystem>()).For<TServer>();

    public ServerRef this[string key] => Servers[key];
}
