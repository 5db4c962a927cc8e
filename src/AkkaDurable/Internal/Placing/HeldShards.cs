using System.Collections.Concurrent;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Runtime;
using AkkaDurable.Placement;

namespace AkkaDurable.Internal.Placing;

/// <summary>The shards of one server type that have no place for now: calls to them are told at once, unless the hold ends before their time-out. Safe for concurrent use.</summary>
internal sealed class HeldShards(ServerType type)
{
    private readonly ConcurrentDictionary<string, byte> _seen = new(StringComparer.Ordinal);
    private volatile Func<string, PlacementHold?>? _holdOf;
    private volatile bool _isAny;

    private CallChannel Calls => type.Node.Channel;

    /// <summary>The holds that are known.</summary>
    public IReadOnlyList<PlacementHold> All => _holdOf is { } holdOf ? [.. _seen.Keys.Select(holdOf).OfType<PlacementHold>()] : [];

    /// <summary>Hears of holds from now on, until the actor system ends.</summary>
    public void Watch(IPlacementControl control)
    {
        _holdOf = shard => control.HoldOf(type.Name, shard);
        control.OnHeld(type.Name, OnHeld);
    }

    /// <summary>Takes holds from somewhere else, for tests.</summary>
    public void Watch(Func<string, PlacementHold?> holdOf) => _holdOf = holdOf;

    /// <summary>A shard is held from now on: calls that wait for it already are told too, if they can still be withdrawn.</summary>
    public void OnHeld(PlacementHold hold)
    {
        _seen[hold.Shard] = 0;
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

        if (_holdOf?.Invoke(shard) is { } hold)
        {
            return Judge(key, left, hold);
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

    private CallFailure? Judge(string key, TimeSpan left, PlacementHold hold)
    {
        var isFull = hold.Reason == PlacementReason.AtLimits;
        var isInTime = hold.RemainingHold is { } wait ? left == Timeout.InfiniteTimeSpan || wait < left : !hold.IsPinned && !isFull;
        if (isInTime)
        {
            return null;
        }

        var until = hold.RemainingHold is { } rest ? $" More nodes may run it in {rest.TotalSeconds:0.0} s." : "";
        return new CallFailure(isFull ? FailureKind.CapacityExceeded : FailureKind.PlacementUnavailable, $"{type.Name}/{key} has no place to run: {hold.Text}{until}")
        {
            Actual = hold.RemainingHold is { } ms ? (long)Math.Ceiling(ms.TotalMilliseconds) : -1,
        };
    }
}
