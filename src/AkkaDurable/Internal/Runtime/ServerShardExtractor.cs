using Akka.Cluster.Sharding;
using AkkaDurable.Internal.Calls;

namespace AkkaDurable.Internal.Runtime;

/// <summary>
/// Spreads keys over shards. The hash is part of the data's layout: it must give the same shard on every node and in every version, so it is written out here (FNV-1a over UTF-16 with a final mix)
/// and held fast by a test. Akka's own extractor throws for one key in four billion.
/// </summary>
internal sealed class ServerShardExtractor : IMessageExtractor
{
    private readonly string[] _shardIds;

    public ServerShardExtractor(int shardCount) =>
        _shardIds = [.. Enumerable.Range(0, shardCount).Select(shard => shard.ToString(System.Globalization.CultureInfo.InvariantCulture))];

    public string ShardOf(string key) => _shardIds[IndexOf(key, _shardIds.Length)];

    public string? EntityId(object message) => (message as ServerEnvelope)?.Key;

    public object EntityMessage(object message) => message;

    public string? ShardId(object message) => EntityId(message) is { } key ? ShardOf(key) : null;

    public string ShardId(string entityId, object? messageHint = null) => ShardOf(entityId);

    /// <summary>The shard's number, from 0.</summary>
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
}
