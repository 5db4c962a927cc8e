using System.Collections.Concurrent;
using AkkaDurable.Placement;

namespace AkkaDurable.Internal.Runtime;

/// <summary>
/// Which shard a key is in: a number by the key's hash and, where servers have home regions, the region before it. So every node knows a key's region without asking anybody. The hash is part of the data's
/// layout: it must give the same shard on every node and in every version, so it is written out here (FNV-1a over UTF-16 with a final mix) and held fast by a test. Akka's own extractor throws for one key in
/// four billion. Safe for concurrent use.
/// </summary>
internal sealed class ShardLayout
{
    // More are no regions but something that the function took for one, such as a customer; each has shards of its own on every node.
    internal const int MaxRegions = 1_000;

    internal const string RegionRule = "a region's name has 1 to 32 lower-case ASCII letters, digits and '-', and begins and ends with a letter or digit";

    private readonly string _serverType;
    private readonly int _shardCount;
    private readonly Func<string, string?>? _homeRegion;
    private readonly string[] _names;
    private readonly ConcurrentDictionary<string, Region> _regions = new(StringComparer.Ordinal);
    private readonly Lock _growth = new();
    private readonly bool _isClosed;

    /// <param name="serverType">For messages.</param>
    /// <param name="shardCount">How many shards there are, in each region.</param>
    /// <param name="homeRegion">The region of a key; null: keys have none.</param>
    /// <param name="regions">The only regions there are; null: any.</param>
    public ShardLayout(string serverType, int shardCount, Func<string, string?>? homeRegion = null, IEnumerable<string>? regions = null)
    {
        _serverType = serverType;
        _shardCount = shardCount;
        _homeRegion = homeRegion;
        _names = NamesOf(null);
        foreach (var region in regions ?? [])
        {
            _isClosed = true;
            Add(region);
        }
    }

    public int ShardCount => _shardCount;

    public bool HasRegions => _homeRegion is not null;

    /// <summary>The home region of a key, if it has one.</summary>
    /// <exception cref="UnknownRegionException">What the function said is no region, or not one of those that there are.</exception>
    public string? RegionOf(string key) => Find(key)?.Name;

    /// <exception cref="UnknownRegionException">The key's region is none.</exception>
    public void CheckRegionOf(string key) => Find(key);

    /// <summary>The shard's name.</summary>
    public string ShardOf(string key) => (Find(key)?.Shards ?? _names)[IndexOf(key, _shardCount)];

    /// <summary>The shard's place in tables with an entry for each shard, from 0. Tables grow with the regions.</summary>
    public int SlotOf(string key) => ((Find(key)?.Index ?? 0) * _shardCount) + IndexOf(key, _shardCount);

    /// <summary>The shard's number within its region, from 0.</summary>
    internal static int IndexOf(string key, int shardCount) => (int)(Hash(key) % (uint)shardCount);

    internal static uint Hash(string key)
    {
        var hash = 2166136261u;
        foreach (var c in key)
        {
            hash = (hash ^ (byte)c) * 16777619u;
            hash = (hash ^ (byte)(c >> 8)) * 16777619u;
        }

        // FNV's low bits are its weakest, and shards are taken from them.
        hash ^= hash >> 16;
        hash *= 0x85EBCA6Bu;
        hash ^= hash >> 13;
        return hash;
    }

    private Region? Find(string key)
    {
        if (_homeRegion is null)
        {
            return null;
        }

        string? name;
        try
        {
            name = _homeRegion(key);
        }
        catch (Exception exception)
        {
            throw new UnknownRegionException(_serverType, key, null, $"HomeRegion of '{_serverType}' threw for the key {Calls.KeyRule.Show(key)}: {exception.Message}", exception);
        }

        if (name is null)
        {
            return null;
        }

        return _regions.TryGetValue(name, out var region) ? region : Learn(key, name);
    }

    private Region Learn(string key, string name)
    {
        if (!NodeLocation.IsRegionName(name))
        {
            throw Refused(key, name, RegionRule);
        }

        if (_isClosed)
        {
            throw Refused(key, name, $"it is none of DurableServerOptions.Regions ({string.Join(", ", _regions.Keys.Order(StringComparer.Ordinal))})");
        }

        return Add(name) ?? throw Refused(key, name, $"it would be region number {MaxRegions + 1}, and no more are possible: the function must give few and the same regions for all keys");
    }

    private UnknownRegionException Refused(string key, string name, string why) => new(
        _serverType, key, name, $"HomeRegion of '{_serverType}' says {Calls.KeyRule.Show(name)} for the key {Calls.KeyRule.Show(key)}: {why}.");

    private Region? Add(string name)
    {
        lock (_growth)
        {
            // Index 0 is for keys without a home.
            return _regions.TryGetValue(name, out var known) ? known
                : _regions.Count == MaxRegions ? null
                : _regions.GetOrAdd(name, new Region(name, _regions.Count + 1, NamesOf(name)));
        }
    }

    private string[] NamesOf(string? region) => [.. Enumerable.Range(0, _shardCount).Select(shard => new ShardName(region, shard).ToString())];

    private sealed record Region(string Name, int Index, string[] Shards);
}
