using System.Net;

namespace AkkaDurable.Cli.Internal.Http;

/// <summary>Where a node's admin API is: <c>HOST:PORT</c>, a URL, or <c>unix:/path</c>.</summary>
/// <param name="Url">The API's root.</param>
/// <param name="Socket">The Unix socket; null: none.</param>
/// <param name="Shown">As it was given.</param>
internal sealed record AdminAddress(Uri Url, string? Socket, string Shown)
{
    private const string Prefix = "/akka-durable/";

    /// <summary>Whether what is sent there can be read by others on its way.</summary>
    public bool IsExposed => Socket is null && Url.Scheme == Uri.UriSchemeHttp && !IsLoopback(Url.Host);

    public static bool LooksLikeOne(string word) => word.Contains(':', StringComparison.Ordinal);

    /// <exception cref="CliException">It is none.</exception>
    public static AdminAddress Parse(string text)
    {
        if (text.StartsWith("unix:", StringComparison.Ordinal) && text.Length > 5)
        {
            return new(new Uri($"http://localhost{Prefix}"), text[5..], text);
        }

        if (text.Contains("://", StringComparison.Ordinal))
        {
            return Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url is { UserInfo: "", Query: "", Fragment: "" }
                ? new(url.AbsolutePath == "/" ? new Uri(url, Prefix) : new Uri(url.AbsoluteUri.TrimEnd('/') + "/"), null, text)
                : throw Wrong(text);
        }

        var colon = text.LastIndexOf(':');
        var host = colon > 0 ? text[..colon] : "";
        return colon > 0 && ushort.TryParse(text.AsSpan(colon + 1), out var port) && port > 0 && Uri.CheckHostName(host.Trim('[', ']')) != UriHostNameType.Unknown
            && Uri.TryCreate($"{(IsLoopback(host) ? "http" : "https")}://{text}{Prefix}", UriKind.Absolute, out var address)
                ? new(address, null, text)
                : throw Wrong(text);
    }

    private static bool IsLoopback(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static CliException Wrong(string text) => new($"\"{Text.Plain(text)}\" is no address: it is HOST:PORT, http(s)://HOST:PORT/PATH, or unix:/PATH", CliException.Misused);
}
