namespace AkkaDurable.Internal.Calls.Recent;

/// <summary>The <see cref="AnsweredCalls"/> of servers of one type that have left this node's memory lately, for when they come back. Safe for concurrent use.</summary>
internal sealed class PastCalls
{
    /// <summary>The most servers of which any are kept.</summary>
    public const int MostServers = 1_000;

    private const long MostBytes = 4 * 1024 * 1024;

    private readonly Dictionary<string, Kept> _kept = new(StringComparer.Ordinal);

    // Oldest first; also of some that were taken meanwhile.
    private readonly Queue<(string Key, Kept Kept)> _order = new();
    private long _bytes;
    private volatile bool _isEmpty = true;

    /// <summary>A server leaves memory.</summary>
    public void Put(string key, AnsweredCalls calls)
    {
        var kept = new Kept(calls, calls.Bytes + (calls.OfDeleted?.Shrink() ?? 0));
        lock (_kept)
        {
            Remove(key);
            _kept.Add(key, kept);
            _order.Enqueue((key, kept));
            _bytes += kept.Bytes;
            while (_order.Count > MostServers || _bytes > MostBytes)
            {
                var (oldest, its) = _order.Dequeue();
                if (_kept.TryGetValue(oldest, out var still) && ReferenceEquals(still, its))
                {
                    Remove(oldest);
                }
            }

            _isEmpty = _kept.Count == 0;
        }
    }

    /// <summary>A server is about to come to memory.</summary>
    /// <returns>What it left when it went; null: nothing is known.</returns>
    public AnsweredCalls? Take(string key)
    {
        if (_isEmpty)
        {
            return null;
        }

        lock (_kept)
        {
            var calls = Remove(key);
            _isEmpty = _kept.Count == 0;
            return calls;
        }
    }

    private AnsweredCalls? Remove(string key)
    {
        if (!_kept.Remove(key, out var kept))
        {
            return null;
        }

        _bytes -= kept.Bytes;
        return kept.Calls;
    }

    private sealed record Kept(AnsweredCalls Calls, long Bytes);
}
