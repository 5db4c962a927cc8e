namespace AkkaDurable;

/// <summary>All servers of one type, wherever they run. Injectable; safe for concurrent use.</summary>
/// <typeparam name="TServer">The server class.</typeparam>
public interface IDurableServers<TServer>
    where TServer : DurableServer
{
    /// <summary>The server with a key. It need not run nor exist: a call or cast starts it.</summary>
    /// <param name="key">1 to 512 bytes of UTF-8, not only white space, no control characters. Compared ordinally.</param>
    /// <returns>A reference, which costs nothing to make and may be kept.</returns>
    /// <exception cref="InvalidKeyException"><paramref name="key"/> breaks the rule for keys.</exception>
    /// <exception cref="UnknownRegionException"><see cref="DurableServerOptions.HomeRegion"/> gives no region for the key that there is.</exception>
    ServerRef this[string key] { get; }

    /// <summary>The name the type was registered under.</summary>
    string ServerType { get; }

    /// <summary>Lists stored servers, running or not, page by page. Starts none.</summary>
    /// <param name="filter">Which ones. Default: all.</param>
    /// <param name="afterKey">Only keys after this one: <see cref="ServerPage.NextKey"/> of the page before. Default: from the first on.</param>
    /// <param name="pageSize">The most servers to return, 1 to 1,000.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The page.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="pageSize"/> is out of range.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot be reached.</exception>
    Task<ServerPage> ListAsync(ServerFilter? filter = null, string? afterKey = null, int pageSize = 100, CancellationToken cancellationToken = default);

    /// <summary>All stored servers, running or not, in the order of their keys; they are read page by page as they are asked for. Starts none.</summary>
    /// <param name="filter">Which ones. Default: all.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The servers. One that comes or goes meanwhile may be left out or told of.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be reached.</exception>
    IAsyncEnumerable<ServerInfo> AllAsync(ServerFilter? filter = null, CancellationToken cancellationToken = default);

    /// <summary>Counts stored servers by status.</summary>
    /// <param name="filter">Which ones. Default: all.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The number of servers of each status that occurs.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be reached.</exception>
    Task<IReadOnlyDictionary<ServerStatus, long>> CountAsync(ServerFilter? filter = null, CancellationToken cancellationToken = default);
}
