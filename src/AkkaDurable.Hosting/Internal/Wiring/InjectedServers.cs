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

    public Task<ServerPage> ListAsync(ServerFilter? filter = null, string? afterKey = null, int pageSize = 100, CancellationToken cancellationToken = default) =>
        Servers.ListAsync(filter, afterKey, pageSize, cancellationToken);

    public IAsyncEnumerable<ServerInfo> AllAsync(ServerFilter? filter = null, CancellationToken cancellationToken = default) => Servers.AllAsync(filter, cancellationToken);

    public Task<IReadOnlyDictionary<ServerStatus, long>> CountAsync(ServerFilter? filter = null, CancellationToken cancellationToken = default) => Servers.CountAsync(filter, cancellationToken);
}
