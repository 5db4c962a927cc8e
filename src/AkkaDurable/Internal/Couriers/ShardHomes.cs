using AkkaDurable.Internal.Runtime;

namespace AkkaDurable.Internal.Couriers;

/// <summary>
/// Where the shards of one server type are, as far as replies have told. A guess: whoever gets a message by it hands it to its own shard region, which knows for sure. Safe for concurrent use.
/// </summary>
internal sealed class ShardHomes(ShardLayout layout)
{
    private readonly Lock _growth = new();
    private volatile Home[] _homes = [];
    private volatile bool _isAnyKnown;

    /// <summary>The other node to send to, or null if none is known to be right.</summary>
    public Peer? Of(string key)
    {
        if (!_isAnyKnown)
        {
            return null;
        }

        var (homes, slot) = (_homes, layout.SlotOf(key));
        return slot < homes.Length && homes[slot].Peer is { IsHome: true } home ? home : null;
    }

    /// <summary>A server answered from there; null: from this node, or not there any more.</summary>
    public void Learn(string key, Peer? home)
    {
        if (home is null && !_isAnyKnown)
        {
            return;
        }

        var known = At(layout.SlotOf(key));
        if (!ReferenceEquals(known.Peer, home))
        {
            known.Peer = home;
            _isAnyKnown = true;
        }
    }

    /// <summary>A node does not run the server of a key; another home that was learned meanwhile stays.</summary>
    public void Forget(string key, Peer home) => At(layout.SlotOf(key)).Forget(home);

    /// <summary>A node is gone or about to leave.</summary>
    public void Forget(Peer home)
    {
        foreach (var known in _homes)
        {
            known.Forget(home);
        }
    }

    private Home At(int slot)
    {
        var homes = _homes;
        return slot < homes.Length ? homes[slot] : Grow(slot);
    }

    // There is an entry for each shard of each region, and regions are met one after the other. The entries stay the same ones.
    private Home Grow(int slot)
    {
        lock (_growth)
        {
            var homes = _homes;
            if (slot >= homes.Length)
            {
                _homes = homes = [.. homes, .. Enumerable.Range(0, layout.ShardCount * ((slot / layout.ShardCount) + 1) - homes.Length).Select(static _ => new Home())];
            }

            return homes[slot];
        }
    }

    private sealed class Home
    {
        private Peer? _peer;

        public Peer? Peer { get => Volatile.Read(ref _peer); set => Volatile.Write(ref _peer, value); }

        public void Forget(Peer peer) => Interlocked.CompareExchange(ref _peer, null, peer);
    }
}
