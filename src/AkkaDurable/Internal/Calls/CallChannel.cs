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

    private readonly TimeProvider _time;
    private readonly ITimer _sweep;
    private readonly Lock _growth = new();
    private readonly ConcurrentDictionary<Type, object> _pools = new();
    private PendingCall[] _slots = [];
    private int _slotCount;
    private volatile bool _closed;

    public CallChannel(TimeProvider time)
    {
        _time = time;
        _sweep = time.CreateTimer(static channel => ((CallChannel)channel!).Sweep(), this, s_sweepInterval, s_sweepInterval);
    }

    public PendingCall<TReply> Begin<TReply>(
        string serverType, string key, JsonSerializerOptions json, TimeSpan timeout, CancellationToken cancellationToken, out long correlationId, out ValueTask<TReply> task)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_closed, this);
        var call = PoolOf<TReply>().TryPop(out var pooled) ? pooled : Grow<TReply>();
        var deadline = timeout == Timeout.InfiniteTimeSpan
            ? long.MaxValue
            : _time.GetTimestamp() + (long)(timeout.TotalSeconds * _time.TimestampFrequency);

        // The task is made first: once the call is open it may end at any time, and a call that ended and was awaited is somebody else's.
        task = call.Task;
        correlationId = call.Begin(serverType, key, json, timeout, deadline);
        call.Observe(correlationId, cancellationToken);
        return call;
    }

    /// <summary>Ends a call with what the server answered. Late and unknown replies are dropped.</summary>
    public void Complete(ReplyEnvelope reply)
    {
        if (Find(reply.CorrelationId) is not { } call || !TakeOver(call, reply.CorrelationId, out var serverType, out var key))
        {
            return;
        }

        if (reply.Failure is { } failure)
        {
            call.SetFailure(failure.ToException(serverType, key));
        }
        else
        {
            call.SetReply(reply.Value);
        }
    }

    public void Return<TReply>(PendingCall<TReply> call) => PoolOf<TReply>().Push(call);

    public void Dispose()
    {
        _closed = true;
        _sweep.Dispose();
        for (var i = 0; i < Volatile.Read(ref _slotCount); i++)
        {
            var call = Volatile.Read(ref _slots)[i];
            var id = call.CorrelationId;
            if (id != 0 && TakeOver(call, id, out var serverType, out var key))
            {
                call.SetFailure(new CallTimeoutException(serverType, key, $"The node shut down while it waited for {serverType}/{key} to reply; the call may have run."));
            }
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
        var slot = (int)(uint)correlationId;
        return (uint)slot < (uint)Volatile.Read(ref _slotCount) ? Volatile.Read(ref _slots)[slot] : null;
    }

    private void Sweep()
    {
        var now = _time.GetTimestamp();
        var count = Volatile.Read(ref _slotCount);
        var slots = Volatile.Read(ref _slots);
        for (var i = 0; i < count; i++)
        {
            var call = slots[i];
            var id = call.CorrelationId;
            if (id == 0 || call.Deadline > now)
            {
                continue;
            }

            var timeout = call.Timeout;
            if (TakeOver(call, id, out var serverType, out var key))
            {
                call.SetFailure(new CallTimeoutException(
                    serverType, key, $"{serverType}/{key} did not reply within {timeout.TotalMilliseconds:0} ms. The call may have run, or may yet run."));
            }
        }
    }

    private ConcurrentStack<PendingCall<TReply>> PoolOf<TReply>() =>
        (ConcurrentStack<PendingCall<TReply>>)_pools.GetOrAdd(typeof(TReply), static _ => new ConcurrentStack<PendingCall<TReply>>());

    private PendingCall<TReply> Grow<TReply>()
    {
        lock (_growth)
        {
            if (_slotCount == _slots.Length)
            {
                var larger = new PendingCall[Math.Max(64, _slots.Length * 2)];
                Array.Copy(_slots, larger, _slotCount);
                Volatile.Write(ref _slots, larger);
            }

            var call = new PendingCall<TReply>(this, _slotCount);
            _slots[_slotCount] = call;
            Volatile.Write(ref _slotCount, _slotCount + 1);
            return call;
        }
    }
}
