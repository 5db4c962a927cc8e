using System.Collections.Concurrent;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Runtime;
using AkkaDurable.Placement;

namespace AkkaDurable.Internal.Placing;

/// <summary>The shards of one server type that have no place for now: calls to them are told at once, unless the hold ends before their time-out. Safe for concurrent use.</summary>
internal sealed class HeldShards(ServerType type)
{
    private readonly ConcurrentDictionary<string, byte> _seen = new(StringComparer.Ordinal);
    private volatile Func<string, PlacementRefusal?>? _refusalOf;
    private volatile bool _isAny;

    private CallChannel Calls => type.Node.Channel;

    /// <summary>Hears of holds from now on, until the actor system ends.</summary>
    public void Watch(IPlacementControl control)
    {
        _refusalOf = shard => control.RefusalOf(type.Name, shard);
        control.OnRefused(type.Name, OnRefused);
    }

    /// <summary>Takes refusals from somewhere else, for tests.</summary>
    public void Watch(Func<string, PlacementRefusal?> refusalOf) => _refusalOf = refusalOf;

    /// <summary>A shard is held from now on: calls that wait for it already are told too, if they can still be withdrawn.</summary>
    public void OnRefused(PlacementRefusal refusal)
    {
        _seen[refusal.Shard] = 0;
        _isAny = true;
        Calls.Withdraw(type.Name, FailureOf);
    }

    /// <summary>What to tell of a call that has so much time left; null: it may get its answer in time.</summary>
    public CallFailure? FailureOf(string key, TimeSpan left)
    {
        // Nearly always nothing is held, and then this must cost nothing.
        if (!_isAny)
        {
            return null;
        }

        var shard = type.Layout.ShardOf(key);
        if (!_seen.ContainsKey(shard))
        {
            return null;
        }

        if (_refusalOf?.Invoke(shard) is { } refusal)
        {
            return Judge(key, left, refusal);
        }

        Forget(shard);
        return null;
    }

    private void Forget(string shard)
    {
        _seen.TryRemove(shard, out _);
        if (_seen.IsEmpty)
        {
            _isAny = false;
            if (!_seen.IsEmpty)
            {
                // Another one came in between.
                _isAny = true;
            }
        }
    }

    private CallFailure? Judge(string key, TimeSpan left, PlacementRefusal refusal) =>
        refusal.RemainingHold is { } wait && (left == Timeout.InfiniteTimeSpan || wait < left)
            ? null
            : new CallFailure(
                FailureKind.PlacementUnavailable,
                $"{type.Name}/{key} has no place to run: {refusal.Text}{(refusal.RemainingHold is { } rest ? $" More nodes may run it in {rest.TotalSeconds:0.0} s." : "")}")
            {
                Actual = refusal.RemainingHold is { } ms ? (long)Math.Ceiling(ms.TotalMilliseconds) : -1,
            };
}
