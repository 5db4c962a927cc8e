using System.Collections.Concurrent;

namespace AkkaDurable.Placement.Internal.Control;

/// <summary>The shards that are refused, as this node heard. A refusal is forgotten after a while, so that the next call asks anew. Safe for concurrent use.</summary>
internal sealed class RefusalTable(TimeProvider time)
{
    private static readonly TimeSpan s_keep = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<(string Type, string Shard), (PlacementRefusal Refusal, long At)> _refused = new();
    private readonly ConcurrentDictionary<(string Type, object Token), Action<PlacementRefusal>> _listeners = new();

    public PlacementRefusal? Find(string typeName, string shard)
    {
        if (!_refused.TryGetValue((typeName, shard), out var known))
        {
            return null;
        }

        var age = time.GetElapsedTime(known.At);
        return age > s_keep || known.Refusal.RemainingHold <= age ? null : known.Refusal with { RemainingHold = known.Refusal.RemainingHold - age };
    }

    public void Hear(Refusals refusals)
    {
        foreach (var shard in refusals.Withdrawn)
        {
            _refused.TryRemove(shard, out _);
        }

        foreach (var refusal in refusals.Refused)
        {
            _refused[(refusal.TypeName, refusal.Shard)] = (refusal, time.GetTimestamp());
            foreach (var ((type, _), refused) in _listeners)
            {
                if (type == refusal.TypeName)
                {
                    refused(refusal);
                }
            }
        }
    }

    public void DropOld()
    {
        foreach (var (shard, known) in _refused)
        {
            if (time.GetElapsedTime(known.At) > s_keep)
            {
                _refused.TryRemove(KeyValuePair.Create(shard, known));
            }
        }
    }

    public IDisposable Listen(string typeName, Action<PlacementRefusal> refused)
    {
        var token = (typeName, new object());
        _listeners[token] = refused;
        return new Listening(() => _listeners.TryRemove(token, out _));
    }

    private sealed class Listening(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
