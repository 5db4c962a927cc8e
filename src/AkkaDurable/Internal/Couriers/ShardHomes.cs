using AkkaDurable.Internal.Runtime;

namespace AkkaDurable.Internal.Couriers;

/// <summary>
/// Where the shards of one server type are, as far as replies have told. A guess: whoever gets a message by it hands it to its own shard region, which knows for sure. Safe for concurrent use.
/// </summary>
internal sealed class ShardHomes(int shardCount)
{
    private readonly Peer?[] _homes = new Peer?[shardCount];
    private volatile bool _isAnyKnown;

    /// <summary>The other node to send to, or null if none is known to be right.</summary>
    public Peer? Of(string key) =>
        _isAnyKnown && Volatile.Read(ref _homes[ServerShardExtractor.IndexOf(key, _homes.Length)]) is { IsHome: true } home ? home : null;

    /// <summary>A server answered from there; null: from this node, or not there any more.</summary>
    public void Learn(string key, Peer? home)
    {
        if (home is null && !_isAnyKnown)
        {
            return;
        }

        ref var known = ref _homes[ServerShardExtractor.IndexOf(key, _homes.Length)];
        if (!ReferenceEquals(Volatile.Read(ref known), home))
        {
            Volatile.Write(ref known, home);
            _isAnyKnown = true;
        }
    }

    /// <summary>A node does not run the server of a key; another home that was learned meanwhile stays.</summary>
    public void Forget(string key, Peer home) => Interlocked.CompareExchange(ref _homes[ServerShardExtractor.IndexOf(key, _homes.Length)], null, home);

    /// <summary>A node is gone or about to leave.</summary>
    public void Forget(Peer home)
    {
        for (var i = 0; i < _homes.Length; i++)
        {
            Interlocked.CompareExchange(ref _homes[i], null, home);
        }
    }
}
