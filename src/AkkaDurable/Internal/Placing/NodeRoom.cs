using System.Collections.Concurrent;
using AkkaDurable.Placement;

namespace AkkaDurable.Internal.Placing;

/// <summary>
/// How many servers run on this node, and whether there is room for one more. The limits on processor, memory and disk steer only where shards go: a server whose shard is here already would have nowhere else to
/// go. Safe for concurrent use; of many that start at once none gets past a limit.
/// </summary>
internal sealed class NodeRoom
{
    private readonly ConcurrentDictionary<string, Counter> _types = new(StringComparer.Ordinal);
    private readonly Counter _all = new();
    private volatile CapacityLimits _limits = CapacityLimits.None;

    /// <summary>What the node takes at most.</summary>
    public CapacityLimits Limits { get => _limits; set => _limits = value; }

    /// <summary>How many servers run, by type.</summary>
    public IReadOnlyDictionary<string, int> Counts() => _types.ToDictionary(static type => type.Key, static type => type.Value.Count, StringComparer.Ordinal);

    /// <summary>How many servers of a type run, start or end here.</summary>
    public int CountOf(string serverType) => CounterOf(serverType).Count;

    /// <summary>Takes a server in.</summary>
    /// <returns>Which limit is in the way; null: it is in.</returns>
    public string? TryEnter(string serverType)
    {
        var limits = _limits;
        int? most = limits.MaxServersByType.TryGetValue(serverType, out var max) ? max : null;
        var ofType = CounterOf(serverType);
        if (!ofType.TryAdd(most))
        {
            return $"the node runs {most} servers of the type, as many as CapacityLimits.MaxServersByType allows";
        }

        if (_all.TryAdd(limits.MaxServers))
        {
            return null;
        }

        ofType.Remove();
        return $"the node runs {limits.MaxServers} servers, as many as CapacityLimits.MaxServers allows";
    }

    /// <summary>A server that was let in is gone.</summary>
    public void Leave(string serverType)
    {
        CounterOf(serverType).Remove();
        _all.Remove();
    }

    private Counter CounterOf(string serverType) => _types.GetOrAdd(serverType, static _ => new Counter());

    private sealed class Counter
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public bool TryAdd(int? most)
        {
            while (true)
            {
                var count = Volatile.Read(ref _count);
                if (count >= (most ?? int.MaxValue))
                {
                    return false;
                }

                if (Interlocked.CompareExchange(ref _count, count + 1, count) == count)
                {
                    return true;
                }
            }
        }

        public void Remove() => Interlocked.Decrement(ref _count);
    }
}
