using AkkaDurable.Internal.Calls;

namespace AkkaDurable.Internal.Runtime;

internal sealed class DurableServers<TServer>(ServerType type) : IDurableServers<TServer>
    where TServer : DurableServer
{
    public string ServerType => type.Name;

    public ServerRef this[string key]
    {
        get
        {
            KeyRule.Check(key);
            type.Layout.CheckRegionOf(key);
            return new ServerRef(type, key);
        }
    }

    public Task<ServerPage> ListAsync(ServerFilter? filter = null, string? afterKey = null, int pageSize = 100, CancellationToken cancellationToken = default) =>
        type.Directory.ListAsync(filter, afterKey, pageSize, cancellationToken);

    public IAsyncEnumerable<ServerInfo> AllAsync(ServerFilter? filter = null, CancellationToken cancellationToken = default) => type.Directory.AllAsync(filter, cancellationToken);

    public Task<IReadOnlyDictionary<ServerStatus, long>> CountAsync(ServerFilter? filter = null, CancellationToken cancellationToken = default) =>
        type.Directory.CountAsync(filter, cancellationToken);
}
