using System.Reflection;
using System.Text;
using System.Text.Json;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Runtime;
using AkkaDurable.Internal.Wire;
using AkkaDurable.Placement;

namespace AkkaDurable.Internal.Operating;

/// <summary>A server type without its class.</summary>
internal sealed class NamedServerType(ServerType type) : IDurableServerType
{
    private static readonly MethodInfo s_call = typeof(NamedServerType).GetMethod(nameof(CallAsync), BindingFlags.Static | BindingFlags.NonPublic)!;

    public string Name => type.Name;

    public int ShardCount => type.Layout.ShardCount;

    public string? Role => type.Options.Role;

    public bool AllowsJsonCalls => type.Options.AllowJsonCalls;

    public IReadOnlyList<string> MessageAliases => type.Node.Messages.Aliases;

    public ServerRef this[string key]
    {
        get
        {
            KeyRule.Check(key);
            type.Layout.CheckRegionOf(key);
            return new ServerRef(type, key);
        }
    }

    public async Task<ServerInfo?> StoredAsync(string key, bool includeState = false, CancellationToken cancellationToken = default)
    {
        KeyRule.Check(key);
        var store = await type.Node.OpenStoreAsync(cancellationToken).ConfigureAwait(false);
        if (await store.ReadAsync(new(type.Name, key), cancellationToken).ConfigureAwait(false) is not { } record)
        {
            return null;
        }

        var info = ServerDirectory.InfoOf(record, record.Status == ServerStatus.Running);
        return includeState && record.State is { } state ? info with { StoredState = Encoding.UTF8.GetString(state.Span) } : info;
    }

    public Task<ServerPage> ListAsync(ServerFilter? filter = null, string? afterKey = null, int pageSize = 100, CancellationToken cancellationToken = default) =>
        type.Directory.ListAsync(filter, afterKey, pageSize, cancellationToken);

    public Task<IReadOnlyDictionary<ServerStatus, long>> CountAsync(ServerFilter? filter = null, CancellationToken cancellationToken = default) =>
        type.Directory.CountAsync(filter, cancellationToken);

    public async Task<JsonElement?> CallJsonAsync(string key, string message, JsonElement body, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (!AllowsJsonCalls)
        {
            throw new InvalidOperationException($"The server type {Name} does not allow calls by JSON; set DurableServerOptions.AllowJsonCalls where it is registered.");
        }

        var server = this[key];
        var declared = Find(message);
        object request;
        try
        {
            request = body.Deserialize(declared.Type, declared.Json) ?? throw new JsonException("it is null");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw new ArgumentException($"The body is no {declared.Alias}: {exception.Message}", nameof(body), exception);
        }

        if (declared.ReplyType is not { } replyType)
        {
            server.Cast((ICast)request);
            return null;
        }

        try
        {
            return await ((Task<JsonElement>)s_call.MakeGenericMethod(replyType).Invoke(null, [server, request, timeout, type.Json, cancellationToken])!).ConfigureAwait(false);
        }
        catch (TargetInvocationException exception) when (exception.InnerException is { } inner)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(inner);
            throw;
        }
    }

    public async Task<IReadOnlyList<PlacementRecord>> PlacementHistoryAsync(CancellationToken cancellationToken = default)
    {
        var store = await type.Node.OpenStoreAsync(cancellationToken).ConfigureAwait(false);
        return (type.Options.Placement.History ?? store.PlacementHistory) is { } history ? await history.LoadAsync(Name, cancellationToken).ConfigureAwait(false) : [];
    }

    private static async Task<JsonElement> CallAsync<TReply>(ServerRef server, object request, TimeSpan? timeout, JsonSerializerOptions json, CancellationToken cancellationToken) =>
        JsonSerializer.SerializeToElement(await server.CallAsync((ICall<TReply>)request, timeout, cancellationToken).ConfigureAwait(false), json);

    private MessageType Find(string name)
    {
        if (type.Node.Messages.Find(name) is { } found)
        {
            return found;
        }

        var named = MessageAliases.Where(alias => type.Node.Messages.Find(alias)!.Type.Name == name).ToArray();
        return named.Length == 1
            ? type.Node.Messages.Find(named[0])!
            : throw new ArgumentException(
                named.Length == 0 ? $"There is no message type {KeyRule.Show(name)} on this node." : $"There are {named.Length} message types {KeyRule.Show(name)}; give one by its alias: {string.Join(", ", named)}", nameof(name));
    }
}
