using System.Text.Json;
using AkkaDurable.Placement;

namespace AkkaDurable;

/// <summary>A server type by its name, for those who do not know its class: operators' tools. Apps inject <see cref="IDurableServers{TServer}"/>. Safe for concurrent use.</summary>
public interface IDurableServerType
{
    /// <summary>The name it was registered under.</summary>
    string Name { get; }

    /// <summary>Over how many shards its servers are spread, in each region.</summary>
    int ShardCount { get; }

    /// <summary>The role of the nodes that run it; null: all nodes.</summary>
    string? Role { get; }

    /// <summary>Whether its servers can be called by name and JSON (<see cref="DurableServerOptions.AllowJsonCalls"/>).</summary>
    bool AllowsJsonCalls { get; }

    /// <summary>The calls and casts that this node knows, by the alias that they travel under; of all server types, as they share one table.</summary>
    IReadOnlyList<string> MessageAliases { get; }

    /// <summary>The server with a key. It need not run nor exist.</summary>
    /// <param name="key">The key.</param>
    /// <returns>A reference.</returns>
    /// <exception cref="InvalidKeyException"><paramref name="key"/> breaks the rule for keys.</exception>
    /// <exception cref="UnknownRegionException"><see cref="DurableServerOptions.HomeRegion"/> gives no region for the key that there is.</exception>
    ServerRef this[string key] { get; }

    /// <summary>What is stored of a server, without asking the server, nor starting any.</summary>
    /// <param name="key">The key.</param>
    /// <param name="includeState">Whether to read its state too.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What is stored; null if there is no record.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be reached.</exception>
    Task<ServerInfo?> StoredAsync(string key, bool includeState = false, CancellationToken cancellationToken = default);

    /// <summary>Lists stored servers, running or not, page by page. Starts none.</summary>
    /// <param name="filter">Which ones. Default: all.</param>
    /// <param name="afterKey">Only keys after this one. Default: from the first on.</param>
    /// <param name="pageSize">1 to 1,000.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The page.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be reached.</exception>
    Task<ServerPage> ListAsync(ServerFilter? filter = null, string? afterKey = null, int pageSize = 100, CancellationToken cancellationToken = default);

    /// <summary>Counts stored servers by their status.</summary>
    /// <param name="filter">Which ones. Default: all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The counts; a status without an entry has none.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be reached.</exception>
    Task<IReadOnlyDictionary<ServerStatus, long>> CountAsync(ServerFilter? filter = null, CancellationToken cancellationToken = default);

    /// <summary>Calls a server, or casts to it, with a message as JSON.</summary>
    /// <param name="key">The server's key.</param>
    /// <param name="message">The message type: its alias, or its class's name if only one alias ends with it.</param>
    /// <param name="body">The message.</param>
    /// <param name="timeout">How long to wait for the reply. Default: the type's.</param>
    /// <param name="cancellationToken">Stops waiting; the call may run all the same.</param>
    /// <returns>The reply; null after a cast.</returns>
    /// <exception cref="InvalidOperationException">The type does not allow it.</exception>
    /// <exception cref="ArgumentException">There is no such message type, or <paramref name="body"/> is none of it.</exception>
    /// <exception cref="DurableServerException">As for <see cref="ServerRef.CallAsync{TReply}(ICall{TReply}, TimeSpan?, CancellationToken)"/>.</exception>
    Task<JsonElement?> CallJsonAsync(string key, string message, JsonElement body, TimeSpan? timeout = null, CancellationToken cancellationToken = default);

    /// <summary>Where its shards were placed, as it is remembered.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The records, each shard once; none where nothing is remembered.</returns>
    Task<IReadOnlyList<PlacementRecord>> PlacementHistoryAsync(CancellationToken cancellationToken = default);
}
