using System.Runtime.CompilerServices;
using System.Text;
using AkkaDurable.Internal.Healing;
using AkkaDurable.Placement;
using AkkaDurable.Storage;

namespace AkkaDurable.Internal.Runtime;

/// <summary>What the store tells of the servers of a type, running or not, without starting any.</summary>
internal sealed class ServerDirectory(ServerType type)
{
    private const int PageOfAll = 500;

    public async Task<ServerPage> ListAsync(ServerFilter? filter, string? afterKey, int pageSize, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pageSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pageSize, 1_000);
        var store = await type.Node.OpenStoreAsync(cancellationToken).ConfigureAwait(false);
        var records = await store.ListAsync(QueryOf(filter) with { AfterKey = afterKey, PageSize = pageSize }, cancellationToken).ConfigureAwait(false);
        return new([.. records.Select(record => InfoOf(record, record.Status == ServerStatus.Running))], records.Count < pageSize ? null : records[^1].Id.Key);
    }

    public async IAsyncEnumerable<ServerInfo> AllAsync(ServerFilter? filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? after = null;
        do
        {
            var page = await ListAsync(filter, after, PageOfAll, cancellationToken).ConfigureAwait(false);
            foreach (var server in page.Servers)
            {
                yield return server;
            }

            after = page.NextKey;
        }
        while (after is not null);
    }

    public async Task<IReadOnlyDictionary<ServerStatus, long>> CountAsync(ServerFilter? filter, CancellationToken cancellationToken)
    {
        var store = await type.Node.OpenStoreAsync(cancellationToken).ConfigureAwait(false);
        return await store.CountAsync(QueryOf(filter), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The same as is known of a server, with what is stored of its state.</summary>
    public async ValueTask<ServerInfo?> WithStateAsync(string key, ValueTask<ServerInfo?> asked, CancellationToken cancellationToken)
    {
        if (await asked.ConfigureAwait(false) is not { } info)
        {
            return null;
        }

        var store = await type.Node.OpenStoreAsync(cancellationToken).ConfigureAwait(false);
        if (await store.ReadAsync(new(type.Name, key), cancellationToken).ConfigureAwait(false) is { } record)
        {
            info = info with { StoredState = record.State is { } state ? Encoding.UTF8.GetString(state.Span) : null, CreatedAt = record.CreatedAt, UpdatedAt = record.UpdatedAt };
        }

        return info with { Places = await PlacesAsync(store, type.Layout.ShardOf(key), cancellationToken).ConfigureAwait(false) };
    }

    private async Task<IReadOnlyList<PlacementEntry>> PlacesAsync(IStateStore store, string shard, CancellationToken cancellationToken)
    {
        var history = type.Options.Placement.History ?? store.PlacementHistory;
        var records = history is null ? [] : await history.LoadAsync(type.Name, cancellationToken).ConfigureAwait(false);
        return records.FirstOrDefault(record => record.Shard == shard)?.Entries ?? [];
    }

    public static ServerInfo InfoOf(StoredServer record, bool isRunning) => new(
        record.Id.ServerType,
        record.Id.Key,
        isRunning,
        record.Status,
        record.Owner,
        record.Token.Epoch,
        record.Revision,
        record.StateVersion,
        System.Collections.ObjectModel.ReadOnlyDictionary<string, string>.Empty)
    {
        IsPermanent = record.IsPermanent,
        Region = record.Region,
        Crashes = CrashHistory.Read(record.Crashes).Crashes,
        CreatedAt = record.CreatedAt,
        UpdatedAt = record.UpdatedAt,
    };

    private ServerQuery QueryOf(ServerFilter? filter) => new(type.Name)
    {
        KeyPrefix = filter?.KeyPrefix,
        Status = filter?.Status,
        Region = filter?.Region,
        Owner = filter?.Node,
        IsPermanent = filter?.IsPermanent,
    };
}
