using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AkkaDurable.Management.Internal.Http;

/// <summary>Who may ask what.</summary>
internal sealed class Gate
{
    private static readonly string[] s_secretsInUrl = ["token", "access_token", "authorization", "bearer", "api_key", "apikey"];
    private static readonly string[] s_proxyHeaders = ["X-Forwarded-For", "Forwarded", "X-Forwarded-Host", "X-Real-IP"];

    private readonly DurableAdminOptions _options;
    private readonly byte[]? _token;

    public Gate(DurableAdminOptions options)
    {
        _options = options;
        _token = options.Token is { } token ? Hash(token) : null;
    }

    public bool AllowsChanges => _token is not null || _options.AuthorizationPolicy is not null;

    /// <summary>Whether a request may come in at all, and who it is from.</summary>
    /// <returns>The caller, or why not.</returns>
    public async Task<(Caller? Caller, Problem? Problem)> AdmitAsync(HttpContext http)
    {
        if (RefusePlace(http, out var isLocal) is { } refusal)
        {
            return (null, refusal);
        }

        var from = http.Connection.RemoteIpAddress?.ToString() ?? "local socket";
        var authorization = http.Request.Headers.Authorization;
        if (authorization.Count > 0 && _token is not null && BearerOf(authorization) is { } bearer)
        {
            if (CryptographicOperations.FixedTimeEquals(Hash(bearer), _token))
            {
                return (new Caller("token", from, IsPermitted: true), null);
            }

            if (_options.AuthorizationPolicy is null)
            {
                return (null, new Problem(StatusCodes.Status401Unauthorized, "wrong-token", "the token is not the right one"));
            }
        }

        if (_options.AuthorizationPolicy is { } policy)
        {
            var result = await http.RequestServices.GetRequiredService<IAuthorizationService>().AuthorizeAsync(http.User, http, policy).ConfigureAwait(false);
            if (result.Succeeded)
            {
                return (new Caller(http.User.Identity?.Name ?? "policy", from, IsPermitted: true), null);
            }
        }

        return isLocal ? (new Caller("anonymous", from, IsPermitted: false), null) : (null, Unauthorized());
    }

    /// <summary>Whether the files of the page may be had, which tell nothing: a browser has no token yet when it asks for them.</summary>
    /// <returns>Null, or why not.</returns>
    public Problem? RefusePage(HttpContext http) => RefusePlace(http, out _);

    /// <summary>Whether a caller may run a command.</summary>
    /// <returns>Null, or why not.</returns>
    public Problem? Refuse(Caller caller, CommandCall call, bool isConfirmed)
    {
        var effect = call.Command.Effect;
        if (effect == CommandEffect.Reads)
        {
            return null;
        }

        var name = $"{call.Palette.Name} {call.Command.Name}";
        if (!caller.IsPermitted)
        {
            return AllowsChanges
                ? Unauthorized()
                : new Problem(StatusCodes.Status403Forbidden, "read-only", $"{name} {(effect == CommandEffect.Reveals ? "shows what may be confidential" : "changes something")}, and this API only looks: set DurableAdminOptions.Token or AuthorizationPolicy");
        }

        return effect == CommandEffect.Destroys && !isConfirmed
            ? new Problem(StatusCodes.Status428PreconditionRequired, "not-confirmed", $"{name} cannot be taken back: send \"confirm\": true if it is meant")
            : null;
    }

    // Whether it came by a way that is answered at all.
    private Problem? RefusePlace(HttpContext http, out bool isLocal)
    {
        isLocal = IsLocal(http);
        if (http.Request.Query.Keys.FirstOrDefault(key => s_secretsInUrl.Contains(key, StringComparer.OrdinalIgnoreCase)) is { } key)
        {
            return new Problem(StatusCodes.Status400BadRequest, "token-in-url", $"a token never stands in a URL, which is logged on its way ({CommandException.Show(key)}): send it as Authorization: Bearer, and replace this one");
        }

        if (!isLocal && !_options.AllowRemote)
        {
            return new Problem(StatusCodes.Status403Forbidden, "not-local", "this API answers only requests from its own machine (DurableAdminOptions.AllowRemote)");
        }

        if (isLocal ? !IsLocalHost(http.Request.Host.Host) || !IsSameOrigin(http) : !http.Request.IsHttps)
        {
            return isLocal
                ? new Problem(StatusCodes.Status403Forbidden, "wrong-host", "the request was meant for another host: a page in a browser may have sent it")
                : new Problem(StatusCodes.Status403Forbidden, "no-tls", "requests from other machines need HTTPS");
        }

        return null;
    }

    private Problem Unauthorized() => new(
        StatusCodes.Status401Unauthorized, "no-token", _token is not null ? "this needs the token, as Authorization: Bearer" : "this needs a user whom the app's authorization policy permits it");

    // A proxy on this machine passes on what comes from elsewhere.
    private static bool IsLocal(HttpContext http) =>
        (http.Connection.RemoteIpAddress is { } remote ? IPAddress.IsLoopback(remote) : http.Connection.LocalIpAddress is null) && !s_proxyHeaders.Any(http.Request.Headers.ContainsKey);

    // A page whose name leads here by DNS would be of the same origin for a browser; its Host gives it away.
    private static bool IsLocalHost(string host) =>
        host.Length == 0 || host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static bool IsSameOrigin(HttpContext http) =>
        http.Request.Headers.Origin is not [{ Length: > 0 } origin] || (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority == http.Request.Host.Value);

    private static string? BearerOf(Microsoft.Extensions.Primitives.StringValues authorization) =>
        authorization is [{ } value] && value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? value[7..].Trim() : null;

    // Of the same length whatever the token, so that comparing tells nothing of it.
    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <param name="Name">Who.</param>
    /// <param name="From">From where.</param>
    /// <param name="IsPermitted">Whether it may change something.</param>
    internal sealed record Caller(string Name, string From, bool IsPermitted);
}
