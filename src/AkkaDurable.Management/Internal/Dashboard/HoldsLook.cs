using AkkaDurable.Placement;

namespace AkkaDurable.Management.Internal.Dashboard;

/// <summary>Shards that somebody asks for and that have no place. A hold is told again about once a second while somebody asks, and forgotten when that ends.</summary>
internal sealed class HoldsLook(BoardWatch watch) : IDisposable
{
    private const int MaxShown = 100;

    private static readonly TimeSpan s_keep = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, IDisposable> _listeners = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Type, string Shard), (PlacementHold Hold, DateTimeOffset At, DateTimeOffset Since)> _held = [];

    public void Look()
    {
        var control = PlacementControl.Get(watch.System);
        foreach (var type in watch.Servers.Types.Where(type => !_listeners.ContainsKey(type.Name)))
        {
            _listeners[type.Name] = control.OnHeld(type.Name, OnHeld, shard => OnPlaced(type.Name, shard));
        }

        var now = watch.Time.GetUtcNow();
        (PlacementHold Hold, DateTimeOffset At, DateTimeOffset Since)[] held;
        lock (_lock)
        {
            foreach (var (shard, _) in _held.Where(entry => now - entry.Value.At > s_keep).ToArray())
            {
                _held.Remove(shard);
            }

            held = [.. _held.Values];
        }

        watch.Put("holds", null, json =>
        {
            json.WriteNumber("all", held.Length);
            json.WriteStartArray("holds");
            foreach (var (hold, at, since) in held.OrderBy(entry => entry.Hold.TypeName, StringComparer.Ordinal).ThenBy(entry => entry.Hold.Shard, Palettes.ShardOrder.Instance).Take(MaxShown))
            {
                json.WriteStartObject();
                json.WriteString("type", hold.TypeName);
                json.WriteString("shard", hold.Shard);
                json.WriteString("reason", hold.Reason.ToString());
                json.WriteString("text", hold.Text);
                json.WriteString("since", since);
                json.WriteBoolean("pinned", hold.IsPinned);
                if (hold.RemainingHold is { } remaining)
                {
                    // The moment, since what remains changes all the time; to the second, since it was measured elsewhere.
                    json.WriteString("until", new DateTimeOffset((at + remaining).Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero));
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    public void Dispose()
    {
        foreach (var listener in _listeners.Values)
        {
            listener.Dispose();
        }
    }

    private void OnHeld(PlacementHold hold)
    {
        var now = watch.Time.GetUtcNow();
        bool isNew;
        lock (_lock)
        {
            isNew = !_held.TryGetValue((hold.TypeName, hold.Shard), out var known);
            _held[(hold.TypeName, hold.Shard)] = (hold, now, isNew ? now : known.Since);
        }

        if (isNew)
        {
            watch.Feed.Tell("hold", "held", ("type", hold.TypeName), ("shard", hold.Shard), ("text", hold.Text));
        }
    }

    private void OnPlaced(string type, string shard)
    {
        bool wasHeld;
        lock (_lock)
        {
            wasHeld = _held.Remove((type, shard));
        }

        if (wasHeld)
        {
            watch.Feed.Tell("hold", "released", ("type", type), ("shard", shard));
        }
    }
}
