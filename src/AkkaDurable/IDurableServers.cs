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
}
