namespace AkkaDurable;

/// <summary>
/// A key's home region is not one: <see cref="DurableServerOptions.HomeRegion"/> threw, or what it gave breaks the rule for names, or is none of <see cref="DurableServerOptions.Regions"/>. Thrown when the
/// server is asked for, so nothing was sent.
/// </summary>
public sealed class UnknownRegionException : ArgumentException
{
    internal UnknownRegionException(string serverType, string key, string? region, string message, Exception? inner = null)
        : base(message, nameof(key), inner)
    {
        ServerType = serverType;
        Key = key;
        Region = region;
    }

    /// <summary>The server's type.</summary>
    public string ServerType { get; }

    /// <summary>The server's key.</summary>
    public string Key { get; }

    /// <summary>What the function gave.</summary>
    /// <value><see langword="null"/> if it threw.</value>
    public string? Region { get; }
}
