using System.Collections.Concurrent;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Runtime;

namespace AkkaDurable.Internal.Placing;

/// <summary>
/// The shards of one server type that have no place for now, as the node tells which places them. It tells it again and again; what was not told for a while is forgotten, so that the loss of that node
/// holds up nobody. Safe for concurrent use.
/// </summary>
internal sealed class HeldShards(ServerType type)
{
    // Three times as long as between two notices.
    internal static readonly TimeSpan Lasting = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<string, Hold> _holds = new(StringComparer.Ordinal);
    private volatile bool _isAny;

    private CallChannel Calls => type.Node.Channel;

    /// <summary>What to tell of a call that has so much time left; null: it may get its answer in time.</summary>
    public CallFailure? FailureOf(string key, TimeSpan left)
    {
        if (!_isAny || !_holds.TryGetValue(type.Layout.ShardOf(key), out var hold))
        {
            return null;
        }

        var now = Calls.Now;
        if (now >= hold.ForgottenAt)
        {
            _holds.TryRemove(new(type.Layout.ShardOf(key), hold));
            return null;
        }

        return Judge(key, left, hold, now);
    }

    /// <summary>These are held, and these no longer.</summary>
    public void Hear(IReadOnlyCollection<HeldShard> held, IReadOnlyCollection<string> released)
    {
        var now = Calls.Now;
        foreach (var shard in released)
        {
            _holds.TryRemove(shard, out _);
        }

        foreach (var shard in held)
        {
            _holds[shard.Shard] = new Hold(shard.Reason, shard.OpensAfter is { } after ? now + Calls.Ticks(after) : null, now + Calls.Ticks(Lasting));
        }

        _isAny = !_holds.IsEmpty;
        if (held.Count > 0)
        {
            // Those that came first only waited in vain until now.
            Calls.Withdraw(type.Name, FailureOf);
        }
    }

    private CallFailure? Judge(string key, TimeSpan left, Hold hold, long now)
    {
        TimeSpan? opensAfter = hold.OpensAt is { } at ? TimeSpan.FromSeconds(Math.Max(0, at - now) / (double)type.Node.Time.TimestampFrequency) : null;
        if (opensAfter is { } wait && (left == Timeout.InfiniteTimeSpan || wait < left))
        {
            return null;
        }

        var until = opensAfter is { } rest ? $"More nodes may run it in {rest.TotalSeconds:0.0} s." : "It waits for such a node.";
        return new CallFailure(FailureKind.PlacementUnavailable, $"{type.Name}/{key} has no place to run: {hold.Reason} {until}") { Actual = opensAfter is { } ms ? (long)Math.Ceiling(ms.TotalMilliseconds) : -1 };
    }

    private sealed record Hold(string Reason, long? OpensAt, long ForgottenAt);
}
