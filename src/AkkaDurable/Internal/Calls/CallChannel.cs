using System.Collections.Concurrent;
using System.Text.Json;

namespace AkkaDurable.Internal.Calls;

/// <summary>
/// All calls of this node that wait for a reply. They share one reply address and one timer, so that a call costs neither an actor nor a timer of its own.
/// </summary>
internal sealed class CallChannel : IDisposable
{
    // Time-outs are this late at most.
    private static readonly TimeSpan s_sweepInterval = TimeSpan.FromMilliseconds(50);

    // Longer than any node lives, and short enough to be counted in ticks.
    private static readonly TimeSpan s_forever = TimeSpan.FromDays(3650);

    // Too little time is left to ask once more, if an answer may take longer.
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(250);

    private const int SegmentSize = 1024;
    private const int MaxSegments = 4096;
    private const int LaneCount = 256;

    // Before a call goes to the next owner, so that the cluster has time to find out who that is.
    private static readonly TimeSpan s_postponement = TimeSpan.FromMilliseconds(100);

    // The shard region hears of a lost node at about the same time as this node does.
    private static readonly TimeSpan s_afterLoss = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider _time;
    private readonly ITimer _sweep;
    private readonly Lock _growth = new();
    private readonly ConcurrentDictionary<Type, object> _pools = new();

    // Segments are never moved, so that a slot can be written while another segment is added.
    private readonly PendingCall?[]?[] _segments = new PendingCall?[MaxSegments][];
    private readonly ConcurrentQueue<int> _free = new();
    private readonly CallLane[] _lanes = [.. Enumerable.Range(0, LaneCount).Select(_ => new CallLane())];
    private int _segmentCount;
    private long _uses;
    private volatile bool _closed;

    public CallChannel(TimeProvider time)
    {
        _time = time;
        _sweep = time.CreateTimer(static channel => ((CallChannel)channel!).Sweep(), this, s_sweepInterval, s_sweepInterval);
    }

    /// <summary>Tells this node, in this incarnation, from all others: numbers of calls are unique within it.</summary>
    public long Session { get; } = RandomId.Next();

    /// <summary>Opens a call.</summary>
    /// <param name="serverType">The server's type.</param>
    /// <param name="key">The server's key.</param>
    /// <param name="json">How the reply is read.</param>
    /// <param name="timeout">How long it stays open.</param>
    /// <param name="isNumbered">Whether it gets a number of its own, by which a server can tell that it has met it before.</param>
    /// <param name="cancellationToken">Closes it.</param>
    /// <param name="task">What its caller awaits.</param>
    /// <param name="correlationId">By which the reply finds it.</param>
    /// <param name="id">Its number, if any.</param>
    public PendingCall<TReply> Begin<TReply>(
        string serverType,
        string key,
        JsonSerializerOptions json,
        TimeSpan timeout,
        bool isNumbered,
        CancellationToken cancellationToken,
        out ValueTask<TReply> task,
        out long correlationId,
        out CallId id)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_closed, this);
        var call = PoolOf<TReply>().TryPop(out var pooled) ? pooled : new PendingCall<TReply>(this);
        var now = _time.GetTimestamp();
        var deadline = timeout == Timeout.InfiniteTimeSpan || timeout > s_forever ? long.MaxValue : now + Ticks(timeout);

        // The task is made first: once the call is open it may end at any time, and a call that ended and was awaited is somebody else's.
        task = call.Task;
        var slot = TakeSlot();

        // The slot in the low bits finds the call; the count in the high bits tells a late reply to an earlier call from one to this.
        correlationId = ((Interlocked.Increment(ref _uses) & 0x7FFF_FFFF) << 32) | (uint)slot;
        id = default;
        CallLane? lane = null;
        if (isNumbered)
        {
            lane = _lanes[(uint)key.GetHashCode(StringComparison.Ordinal) % LaneCount];
            var (sequence, openFrom) = lane.Enter(call);
            id = new CallId(Session, sequence, openFrom);
        }

        call.LastId = id;
        Volatile.Write(ref _segments[slot / SegmentSize]![slot % SegmentSize], call);
        call.Begin(correlationId, serverType, key, json, timeout, now, deadline, lane);
        call.Observe(correlationId, cancellationToken);
        return call;
    }

    public long Now => _time.GetTimestamp();

    public long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);

    /// <summary>A call has ended: its slot may serve another.</summary>
    public void Free(long correlationId)
    {
        var slot = (int)(uint)correlationId;
        Volatile.Write(ref _segments[slot / SegmentSize]![slot % SegmentSize], null);
        _free.Enqueue(slot);
    }

    /// <summary>Which server an open call is to.</summary>
    public bool TryPeek(long correlationId, out string serverType, out string key)
    {
        var call = Find(correlationId);
        serverType = call?.ServerType ?? "";
        key = call?.Key ?? "";

        // The names belong to the id if it is still the call's after they were read.
        return call is not null && call.CorrelationId == correlationId;
    }

    /// <summary>Ends a call with what the server answered. Late and unknown replies are dropped.</summary>
    /// <param name="reply">The answer.</param>
    /// <param name="isOneOfMany">Whether it came with others in a batch.</param>
    public void Complete(ReplyEnvelope reply, bool isOneOfMany = false)
    {
        if (Find(reply.CorrelationId) is not { } call)
        {
            return;
        }

        if (reply.Failure is { Kind: FailureKind.OwnershipLost } lost && call.TryPostpone(reply.CorrelationId, lost, Now + Ticks(s_postponement), Ticks(s_patience)))
        {
            return;
        }

        if (reply.Failure is { Kind: FailureKind.Held } held)
        {
            call.NoteHeld(reply.CorrelationId, held);
        }
        else if (reply.Failure is { Kind: FailureKind.LetGo })
        {
            call.SendAgain(reply.CorrelationId, Now);
        }
        else if (reply.Failure is { } told)
        {
            Fail(call, reply.CorrelationId, told);
        }
        else if (call.TryEnd(reply.CorrelationId))
        {
            call.SetReply(reply.Value, isOneOfMany);
        }
    }

    /// <summary>Ends calls that still wait on this node for a way to their server.</summary>
    /// <param name="serverType">The servers' type.</param>
    /// <param name="failureOf">What to tell the caller of a server's call which waits so much longer; null: nothing, it goes on waiting.</param>
    public void Withdraw(string serverType, Func<string, TimeSpan, CallFailure?> failureOf)
    {
        var now = Now;
        foreach (var call in Open())
        {
            var id = call.CorrelationId;
            if (id == 0 || !TryPeek(id, out var type, out var key) || type != serverType)
            {
                continue;
            }

            var left = call.Deadline == long.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(Math.Max(0, call.Deadline - now) / (double)_time.TimestampFrequency);
            if (failureOf(key, left) is { } failure)
            {
                call.Withdraw(id, failure);
            }
        }
    }

    /// <summary>A node is gone: sends the calls again that it may have had.</summary>
    /// <param name="isElsewhere">Of a server's type and key: whether its calls are known to go elsewhere.</param>
    public void RepeatAfterLoss(Func<string, string, bool> isElsewhere)
    {
        var at = Now + Ticks(s_afterLoss);
        foreach (var call in Open())
        {
            var id = call.CorrelationId;
            if (id != 0 && TryPeek(id, out var type, out var key) && !isElsewhere(type, key))
            {
                call.RepeatSoon(id, at);
            }
        }
    }

    public void Return<TReply>(PendingCall<TReply> call) => PoolOf<TReply>().Push(call);

    public void Dispose()
    {
        _closed = true;
        _sweep.Dispose();
        foreach (var call in Open())
        {
            var id = call.CorrelationId;
            if (id != 0 && TakeOver(call, id, out var serverType, out var key))
            {
                call.SetFailure(new OutcomeUnknownException(serverType, key, call.LastId.Text, $"The node shut down while it waited for {serverType}/{key} to reply; the call may have run."));
            }
        }
    }

    private static void Fail(PendingCall call, long correlationId, CallFailure? failure)
    {
        if (call.TryFail(correlationId, failure) is { } exception)
        {
            call.SetFailure(exception);
        }
    }

    // The names are read before the call is ended, and used only if it was: from then on it may be in use for another call.
    private static bool TakeOver(PendingCall call, long correlationId, out string serverType, out string key)
    {
        serverType = call.ServerType;
        key = call.Key;
        return call.TryEnd(correlationId);
    }

    private PendingCall? Find(long correlationId)
    {
        var slot = (uint)correlationId;
        return slot / SegmentSize < (uint)Volatile.Read(ref _segmentCount) ? Volatile.Read(ref _segments[slot / SegmentSize]![slot % SegmentSize]) : null;
    }

    private IEnumerable<PendingCall> Open()
    {
        for (var segment = 0; segment < Volatile.Read(ref _segmentCount); segment++)
        {
            for (var i = 0; i < SegmentSize; i++)
            {
                if (Volatile.Read(ref _segments[segment]![i]) is { } call)
                {
                    yield return call;
                }
            }
        }
    }

    private void Sweep()
    {
        var now = _time.GetTimestamp();
        foreach (var call in Open())
        {
            var id = call.CorrelationId;
            if (id == 0)
            {
                continue;
            }

            if (call.Deadline > now)
            {
                call.RepeatIfDue(now, Ticks(s_patience));
                continue;
            }

            Fail(call, id, null);
        }
    }

    private ConcurrentStack<PendingCall<TReply>> PoolOf<TReply>() =>
        (ConcurrentStack<PendingCall<TReply>>)_pools.GetOrAdd(typeof(TReply), static _ => new ConcurrentStack<PendingCall<TReply>>());

    private int TakeSlot()
    {
        int slot;
        while (!_free.TryDequeue(out slot))
        {
            lock (_growth)
            {
                if (!_free.IsEmpty)
                {
                    continue;
                }

                if (_segmentCount == MaxSegments)
                {
                    throw new InvalidOperationException($"{MaxSegments * SegmentSize:N0} calls are open on this node; no more can be.");
                }

                _segments[_segmentCount] = new PendingCall?[SegmentSize];
                Volatile.Write(ref _segmentCount, _segmentCount + 1);
                foreach (var free in Enumerable.Range((_segmentCount - 1) * SegmentSize, SegmentSize))
                {
                    _free.Enqueue(free);
                }
            }
        }

        return slot;
    }
}
