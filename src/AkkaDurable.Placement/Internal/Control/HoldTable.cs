using System.Collections.Concurrent;

namespace AkkaDurable.Placement.Internal.Control;

/// <summary>The shards that are held back, as this node heard. A hold is forgotten after a while, so that the loss of the node that told it holds up nobody. Safe for concurrent use.</summary>
internal sealed class HoldTable(TimeProvider time)
{
    private static readonly TimeSpan s_keep = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<(string Type, string Shard), (PlacementHold Hold, long At)> _held = new();
    private readonly ConcurrentDictionary<object, Listener> _listeners = new();

    public PlacementHold? Find(string typeName, string shard)
    {
        if (!_held.TryGetValue((typeName, shard), out var known))
        {
            return null;
        }

        var age = time.GetElapsedTime(known.At);
        return age > s_keep || known.Hold.RemainingHold <= age ? null : known.Hold with { RemainingHold = known.Hold.RemainingHold - age };
    }

    public void Hear(Holds holds)
    {
        foreach (var shard in holds.Placed)
        {
            _held.TryRemove(shard, out _);
            foreach (var listener in _listeners.Values.Where(listener => listener.TypeName == shard.TypeName))
            {
                listener.Placed?.Invoke(shard.Shard);
            }
        }

        foreach (var hold in holds.Held)
        {
            _held[(hold.TypeName, hold.Shard)] = (hold, time.GetTimestamp());
            foreach (var listener in _listeners.Values.Where(listener => listener.TypeName == hold.TypeName))
            {
                listener.Held(hold);
            }
        }
    }

    public void DropOld()
    {
        foreach (var (shard, known) in _held)
        {
            if (time.GetElapsedTime(known.At) > s_keep)
            {
                _held.TryRemove(KeyValuePair.Create(shard, known));
            }
        }
    }

    public IDisposable Listen(string typeName, Action<PlacementHold> held, Action<string>? placed)
    {
        var listener = new Listener(typeName, held, placed, _listeners);
        _listeners[listener] = listener;
        return listener;
    }

    private sealed class Listener(string typeName, Action<PlacementHold> held, Action<string>? placed, ConcurrentDictionary<object, Listener> all) : IDisposable
    {
        public string TypeName => typeName;

        public Action<PlacementHold> Held => held;

        public Action<string>? Placed => placed;

        public void Dispose() => all.TryRemove(this, out _);
    }
}
