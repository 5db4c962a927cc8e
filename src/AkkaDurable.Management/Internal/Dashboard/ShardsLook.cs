using System.Text.Json;
using AkkaDurable.Management.Internal.Palettes;
using AkkaDurable.Placement;

namespace AkkaDurable.Management.Internal.Dashboard;

/// <summary>Which node runs which shards of each type. How many of each home region on each node is always told; single shards, those away from home first, up to a limit.</summary>
internal sealed class ShardsLook(BoardWatch watch)
{
    private const int MaxShown = 512;
    private const int MaxMovesTold = 10;

    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(1500);

    // Shards take a moment to follow the members.
    private static readonly TimeSpan s_settled = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_historyEvery = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, Dictionary<string, string>> _homes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long At, IReadOnlyDictionary<string, DateTimeOffset> Since)> _away = new(StringComparer.Ordinal);
    private readonly Pace _pace = new(watch.Time, s_every, s_settled);

    /// <summary>Has it look soon, since the members have changed.</summary>
    public void Hurry() => _pace.Hurry();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.WhenAll(watch.Servers.Types.Select(type => LookAtAsync(type, cancellationToken))).ConfigureAwait(false);
            await _pace.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task LookAtAsync(IDurableServerType type, CancellationToken cancellationToken)
    {
        var map = await ShardMap.AskAsync(watch.System, type, s_patience, cancellationToken).ConfigureAwait(false);
        TellMoves(type.Name, map);
        var away = map.Shards.Where(shard => IsAway(shard.Shard, shard.Region)).Select(shard => shard.Shard).ToHashSet(StringComparer.Ordinal);
        var since = away.Count == 0 ? new Dictionary<string, DateTimeOffset>() : await AwaySinceAsync(type, away, cancellationToken).ConfigureAwait(false);
        watch.Put("shards", type.Name, json => Write(json, type.Name, map, since));
    }

    private static bool IsAway(string shard, ShardMap.RegionStats region) => ShardName.HomeRegionOf(shard) is { } home && home != region.Location.Region;

    /// <summary>Since when shards are away: read from the history of their places, now and then.</summary>
    private async Task<IReadOnlyDictionary<string, DateTimeOffset>> AwaySinceAsync(IDurableServerType type, HashSet<string> away, CancellationToken cancellationToken)
    {
        if (_away.TryGetValue(type.Name, out var known) && watch.Time.GetElapsedTime(known.At) < s_historyEvery && away.All(known.Since.ContainsKey))
        {
            return known.Since;
        }

        var since = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        try
        {
            foreach (var record in await type.PlacementHistoryAsync(cancellationToken).ConfigureAwait(false))
            {
                // It may have gone from one foreign node to the next meanwhile.
                if (away.Contains(record.Shard) && record.Entries.TakeWhile(entry => entry.Location.Region != record.HomeRegion).LastOrDefault() is { } first)
                {
                    since[record.Shard] = first.Since;
                }
            }
        }
        catch (Exception exception) when (exception is DurableServerException or DurableConfigurationException)
        {
            // The store is away, or there is none here: the look at it says so.
            return known.Since ?? since;
        }

        lock (_away)
        {
            _away[type.Name] = (watch.Time.GetTimestamp(), since);
        }

        return since;
    }

    private void TellMoves(string type, ShardMap map)
    {
        Dictionary<string, string> homes;
        bool isFirst;
        lock (_homes)
        {
            isFirst = !_homes.TryGetValue(type, out homes!);
            if (isFirst)
            {
                _homes[type] = homes = new(StringComparer.Ordinal);
            }
        }

        var moves = 0;
        foreach (var (shard, _, region) in map.Shards)
        {
            var was = homes.GetValueOrDefault(shard);
            if (was == region.Node)
            {
                continue;
            }

            homes[shard] = region.Node;
            if (!isFirst && ++moves <= MaxMovesTold)
            {
                watch.Feed.Tell("shard", was is null ? "placed" : "moved", ("type", type), ("shard", shard), ("from", was), ("node", region.Node));
            }
        }

        if (moves > MaxMovesTold)
        {
            watch.Feed.Tell("shard", "moved", ("type", type), ("text", $"{moves - MaxMovesTold} further shards"));
        }
    }

    private static void Write(Utf8JsonWriter json, string type, ShardMap map, IReadOnlyDictionary<string, DateTimeOffset> since)
    {
        var nodes = map.Regions.Select((region, i) => (region.Node, i)).ToDictionary(region => region.Node, region => region.i, StringComparer.Ordinal);
        json.WriteString("type", type);
        json.WriteStartArray("nodes");
        foreach (var region in map.Regions)
        {
            json.WriteStartObject();
            json.WriteString("node", region.Node);
            json.WriteString("region", region.Location.Region);
            json.WriteBoolean("answers", region.Shards is not null);
            json.WriteBoolean("coordinator", region.IsOldest);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("matrix");
        foreach (var group in map.Shards.GroupBy(shard => (Home: ShardName.HomeRegionOf(shard.Shard), shard.Region.Node)).OrderBy(group => group.Key.Home, StringComparer.Ordinal).ThenBy(group => nodes[group.Key.Node]))
        {
            json.WriteStartArray();
            json.WriteStringValue(group.Key.Home);
            json.WriteNumberValue(nodes[group.Key.Node]);
            json.WriteNumberValue(group.Count());
            json.WriteNumberValue(group.Sum(shard => shard.Servers));
            json.WriteEndArray();
        }

        json.WriteEndArray();
        var all = map.Shards.OrderBy(shard => IsAway(shard.Shard, shard.Region) ? 0 : 1).ThenBy(shard => shard.Shard, ShardOrder.Instance).ToArray();
        json.WriteNumber("all", all.Length);
        json.WriteNumber("away", all.Count(shard => IsAway(shard.Shard, shard.Region)));
        json.WriteStartArray("shards");
        foreach (var (shard, servers, region) in all.Take(MaxShown))
        {
            json.WriteStartArray();
            json.WriteStringValue(shard);
            json.WriteNumberValue(nodes[region.Node]);
            json.WriteNumberValue(servers);
            if (IsAway(shard, region) && since.TryGetValue(shard, out var at))
            {
                json.WriteStringValue(at);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
        Missing.Write(json, map.Missing.OfType<CommandOutput.Partial>());
    }
}
