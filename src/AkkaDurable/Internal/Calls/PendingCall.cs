using System.Threading.Tasks.Sources;
using AkkaDurable.Internal.Telemetry;

namespace AkkaDurable.Internal.Calls;

/// <summary>A call that waits for its reply. Used for one call after the other; each has a slot of the <see cref="CallChannel"/> for as long as it is open.</summary>
internal abstract partial class PendingCall(CallChannel channel)
{
    // The id of the call under way, 0 for none. Whoever swaps it to 0 (reply, time-out or cancellation) ends the call; the others come too late.
    private long _correlationId;

    // Set when the call can be sent again although an earlier attempt may have run.
    private CallEnvelope? _envelope;

    // What was sent, so that it can be withdrawn, and from where.
    private ServerEnvelope? _sent;
    private Gateway? _gateway;
    private long _resendAt = long.MaxValue;
    private TimeSpan _resendAfter;
    private int _attempts;

    // Attempts of which it is known that they did not run, and what the last of them was told.
    private int _refusals;

    // Set when somebody wants to know how long calls take.
    private NodeMetrics? _metrics;
    private CallFailure? _refusal;

    protected CallChannel Channel { get; } = channel;

    /// <summary>The line of open calls that this one stands in; null: none.</summary>
    public CallLane? Lane { get; private set; }

    /// <summary>Belongs to the lane.</summary>
    public long Sequence { get; set; }

    /// <summary>Belongs to the lane.</summary>
    public PendingCall? Older { get; set; }

    /// <summary>Belongs to the lane.</summary>
    public PendingCall? Newer { get; set; }

    /// <summary>Read by the sweep without a lock: a stale value only delays a time-out to the next sweep.</summary>
    public long Deadline { get; private set; }

    /// <summary>When the call was begun, by the channel's time.</summary>
    public long BeganAt { get; private set; }

    public long CorrelationId => Volatile.Read(ref _correlationId);

    /// <summary>The id of the call under way, or of the last one.</summary>
    public CallId LastId { get; set; }

    public string ServerType { get; private set; } = "";

    public string Key { get; private set; } = "";

    public TimeSpan Timeout { get; private set; }

    protected System.Text.Json.JsonSerializerOptions Json { get; private set; } = System.Text.Json.JsonSerializerOptions.Default;

    /// <summary>Reads a reply that is not JSON.</summary>
    protected DurableCodec? Codec { get; private set; }

    protected CancellationTokenRegistration Registration { get; set; }

    public void Begin(long correlationId, string serverType, string key, System.Text.Json.JsonSerializerOptions json, TimeSpan timeout, long now, long deadline, CallLane? lane)
    {
        // Whoever is still busy with the call before, under its id, is done with it first.
        lock (this)
        {
            Lane = lane;
            ServerType = serverType;
            Key = key;
            Json = json;
            Codec = null;
            Timeout = timeout;
            Deadline = deadline;
            _attempts = 1;
            _refusals = 0;
            _refusal = null;
            _envelope = null;
            _sent = null;
            _metrics = null;
            BeganAt = now;
            Volatile.Write(ref _resendAt, long.MaxValue);
            Volatile.Write(ref _correlationId, correlationId);
        }
    }

    /// <summary>True for the one who ends the call. The slot is free from then on; the object only when the caller has taken the result, and is garbage if it never does.</summary>
    public bool TryEnd(long correlationId)
    {
        if (correlationId == 0 || Interlocked.CompareExchange(ref _correlationId, 0, correlationId) != correlationId)
        {
            return false;
        }

        Volatile.Write(ref _resendAt, long.MaxValue);
        _envelope = null;
        _sent = null;
        Lane?.Leave(this);
        Channel.Free(correlationId);
        return true;
    }

    /// <summary>Tells what reads a reply that is not JSON. Before anything is sent.</summary>
    public void ReadsWith(DurableCodec? codec) => Codec = codec;

    /// <summary>Has the call's time told. Before anything is sent.</summary>
    public void MeasuredBy(NodeMetrics metrics) => _metrics = metrics;

    /// <summary>Tells what is about to be sent, and from where.</summary>
    public void Sends(ServerEnvelope envelope, Gateway gateway)
    {
        _gateway = gateway;
        _sent = envelope;
    }

    /// <summary>Ends the call, if what was sent still waits on this node for a way to its server.</summary>
    /// <param name="correlationId">Which call is meant.</param>
    /// <param name="failure">What to tell.</param>
    public void Withdraw(long correlationId, CallFailure failure)
    {
        DurableServerException exception;
        lock (this)
        {
            if (correlationId == 0 || CorrelationId != correlationId || _sent is not { } sent || !sent.TryWithdraw())
            {
                return;
            }

            exception = failure.ToException(ServerType, Key);
            if (!TryEnd(correlationId))
            {
                return;
            }
        }

        SetFailure(exception);
    }

    /// <summary>Ends the call with a failure. Sent again meanwhile, what is told of it would be wrong.</summary>
    /// <param name="correlationId">Which call is meant.</param>
    /// <param name="failure">The failure; null: its deadline has come.</param>
    /// <returns>What to tell the caller; null: the call has ended already.</returns>
    public DurableServerException? TryFail(long correlationId, CallFailure? failure)
    {
        lock (this)
        {
            if (correlationId == 0 || CorrelationId != correlationId)
            {
                return null;
            }

            var exception = failure is null ? TimedOut(ServerType, Key, Timeout) : Failed(ServerType, Key, failure);
            return TryEnd(correlationId) ? exception : null;
        }
    }

    /// <summary>What to tell the caller of a failure. Of an earlier attempt that got no answer nobody knows whether it ran; what looked it up would have answered as then, all else cannot tell.</summary>
    private DurableServerException Failed(string serverType, string key, CallFailure failure)
    {
        var exception = failure.ToException(serverType, key);
        var othersWithoutAnswer = _attempts - _refusals - (failure.Kind == FailureKind.OwnershipLost ? 0 : 1);
        return othersWithoutAnswer <= 0 || failure.IsOfHandler || exception.Outcome != CallOutcome.NotApplied
            ? exception
            : new OutcomeUnknownException(serverType, key, LastId.Text, $"{serverType}/{key} was asked {_attempts} times; the last attempt failed, and whether an earlier one ran is not known. {exception.Message}", exception);
    }

    /// <summary>What to tell the caller when the deadline has come.</summary>
    private DurableServerException TimedOut(string serverType, string key, TimeSpan timeout)
    {
        if (_sent?.TryWithdraw() == true)
        {
            return new PlacementUnavailableException(serverType, key, $"{serverType}/{key} has no place to run: within {timeout.TotalMilliseconds:0} ms the call reached no node that runs it. It did not run.");
        }

        var refusal = _refusal?.ToException(serverType, key);
        return refusal is not null && _refusals >= _attempts
            ? refusal
            : new OutcomeUnknownException(
                serverType,
                key,
                LastId.Text,
                $"{serverType}/{key} did not reply within {timeout.TotalMilliseconds:0} ms{(_attempts > 1 ? $", though it was asked {_attempts} times" : "")}. The call may have run, or may yet run.",
                refusal);
    }

    /// <summary>To be told before the caller is, to whom the object belongs from then on.</summary>
    protected void Measure(Exception? error)
    {
        _metrics?.CallEnded(BeganAt, ServerType, error);

        if (Volatile.Read(ref _span) is not null)
        {
            EndSpan(error);
        }
    }

    /// <summary>Hands the caller its reply.</summary>
    /// <param name="value">The reply.</param>
    /// <param name="isOneOfMany">
    /// Whether it came with others. Such callers go on in the order of the thread pool's common line, where a pick-up of what they send next stands behind all of them (see <c>Peer</c>); in the line of one
    /// thread, which others look into last, it would overtake most, and batches between nodes would be a quarter as large.
    /// </param>
    public abstract void SetReply(object? value, bool isOneOfMany = false);

    public abstract void SetFailure(Exception exception);
}

internal sealed class PendingCall<TReply> : PendingCall, IValueTaskSource<TReply>, IThreadPoolWorkItem
{
    private ManualResetValueTaskSourceCore<object?> _core;
    private object? _reply;

    public PendingCall(CallChannel channel)
        : base(channel)
    {
        // A reply arrives on the server's thread, which must not run the caller's code.
        _core.RunContinuationsAsynchronously = true;
    }

    public ValueTask<TReply> Task => new(this, _core.Version);

    public void Observe(long correlationId, CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            Registration = cancellationToken.UnsafeRegister(
                static (state, token) =>
                {
                    var (call, id) = ((PendingCall<TReply>, long))state!;
                    if (call.TryEnd(id))
                    {
                        call.SetFailure(new OperationCanceledException(token));
                    }
                },
                (this, correlationId));
        }
    }

    public override void SetReply(object? value, bool isOneOfMany = false)
    {
        Measure(error: null);
        if (isOneOfMany)
        {
            _reply = value;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        else
        {
            _core.SetResult(value);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        var reply = _reply;
        _reply = null;

        // This thread is the caller's already.
        _core.RunContinuationsAsynchronously = false;
        _core.SetResult(reply);
    }

    public override void SetFailure(Exception exception)
    {
        Measure(exception);
        _core.SetException(exception);
    }

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    public TReply GetResult(short token)
    {
        // Asked too early, or with a used-up token, this throws before anything is given back.
        if (_core.GetStatus(token) == ValueTaskSourceStatus.Pending)
        {
            throw new InvalidOperationException("The call has not ended yet: await it instead of asking for its result.");
        }

        var (json, codec, serverType, key) = (Json, Codec, ServerType, Key);
        object? value;
        try
        {
            value = _core.GetResult(token);
        }
        finally
        {
            Registration.Dispose();
            Registration = default;
            _core.Reset();
            _core.RunContinuationsAsynchronously = true;
            Channel.Return(this);
        }

        if (value is not EncodedPayload encoded)
        {
            return (TReply)value!;
        }

        try
        {
            return Payloads.ReadReply<TReply>(encoded, json, codec);
        }
        catch (Exception exception)
        {
            throw new ReplyUnreadableException(serverType, key, $"The reply of {serverType}/{key} cannot be read as {typeof(TReply).Name}: {exception.Message}", exception);
        }
    }
}
