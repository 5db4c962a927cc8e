using System.Collections.Concurrent;

namespace AkkaDurable.TestSupport.Network;

/// <summary>
/// A network between regions, in user space: each node is reached by a port of its relay, and what goes through it waits as long as the way between the two regions takes, or for as long as it is cut. Who calls is read from the
/// greeting that opens each connection of Akka.Remote, since a node has one address for all others.
/// </summary>
/// <remarks>
/// <para>A cut way loses nothing and closes nothing: as in a network that drops packets, connections stay open, what was sent arrives when the way heals, and new connections say nothing until then. Ways have directions, so that one
/// can be cut alone. Within a region there is no delay, but the detour by the relay.</para>
/// <para>Thread-safe.</para>
/// </remarks>
public sealed class RegionNetwork : IAsyncDisposable
{
    private readonly ConcurrentDictionary<(string From, string To), RegionLink> _links = new();
    private readonly ConcurrentDictionary<int, string> _regions = new();
    private readonly ConcurrentQueue<NodeRelay> _relays = new();

    /// <summary>How many bytes have left a cut way, by any relay: none, if the network keeps its word.</summary>
    public long BytesFrom(string from, string to) => Link(from, to).Bytes;

    /// <summary>Adds a node.</summary>
    /// <param name="region">Where it is.</param>
    /// <param name="port">The port on 127.0.0.1 that it listens on.</param>
    /// <returns>The port on 127.0.0.1 that it tells others: its <c>public-port</c>.</returns>
    public int Add(string region, int port)
    {
        var relay = new NodeRelay(region, port, caller => _regions.GetValueOrDefault(caller), Link);
        _regions[relay.Port] = region;
        _relays.Enqueue(relay);
        relay.Start();
        return relay.Port;
    }

    /// <summary>Makes every way between two different regions take this long; the round trip takes twice as long.</summary>
    public void DelayBetweenRegions(TimeSpan oneWay)
    {
        foreach (var (from, to) in Ways())
        {
            Link(from, to).Delay = oneWay;
        }
    }

    /// <summary>Makes one way take this long.</summary>
    public void Delay(string from, string to, TimeSpan oneWay) => Link(from, to).Delay = oneWay;

    /// <summary>Cuts a region off from all others, in both directions.</summary>
    public void CutOff(string region)
    {
        foreach (var other in _regions.Values.Distinct().Where(other => other != region))
        {
            CutOneWay(region, other);
            CutOneWay(other, region);
        }
    }

    /// <summary>Cuts one direction: what <paramref name="from"/> sends does not arrive at <paramref name="to"/>.</summary>
    public void CutOneWay(string from, string to) => Link(from, to).IsCut = true;

    /// <summary>Heals every cut; what waited arrives.</summary>
    public void Heal()
    {
        foreach (var link in _links.Values)
        {
            link.IsCut = false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Heal();
        foreach (var relay in _relays)
        {
            await relay.DisposeAsync();
        }
    }

    private IEnumerable<(string From, string To)> Ways()
    {
        var regions = _regions.Values.Distinct().ToArray();
        return regions.SelectMany(from => regions.Where(to => to != from).Select(to => (from, to)));
    }

    private RegionLink Link(string from, string to) => _links.GetOrAdd((from, to), static _ => new RegionLink());
}
