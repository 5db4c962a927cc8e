using System.Threading.Tasks.Sources;

namespace AkkaDurable.Internal.Calls;

/// <summary>A call that waits for its reply. Used for one call after the other; each has a slot of the <see cref="CallChannel"/> for as long as it is open.</summary>
internal abstract class PendingCall(CallChannel channel)
{
    // The id of the call under way, 0 for none. Whoever swaps it to 0 (reply, time-out or cancellation) ends the call; the others come too late.
    private long _correlationId;

    protected CallChannel Channel { get; } = channel;

    /// <summary>Read by the sweep without a lock: a stale value only delays a time-out to the next sweep.</summary>
    public long Deadline { get; private set; }

    public long CorrelationId => Volatile.Read(ref _correlationId);

    public string ServerType { get; private set; } = "";

    public string Key { get; private set; } = "";

    public TimeSpan Timeout { get; private set; }

    protected System.Text.Json.JsonSerializerOptions Json { get; private set; } = System.Text.Json.JsonSerializerOptions.Default;

    protected CancellationTokenRegistration Registration { get; set; }

    public void Begin(long correlationId, string serverType, string key, System.Text.Json.JsonSerializerOptions json, TimeSpan timeout, long deadline)
    {
        ServerType = serverType;
        Key = key;
        Json = json;
        Timeout = timeout;
        Deadline = deadline;
        Volatile.Write(ref _correlationId, correlationId);
    }

    /// <summary>True for the one who ends the call. The slot is free from then on; the object only when the caller has taken the result, and is garbage if it never does.</summary>
    public bool TryEnd(long correlationId)
    {
        if (correlationId == 0 || Interlocked.CompareExchange(ref _correlationId, 0, correlationId) != correlationId)
        {
            return false;
        }

        Channel.Free(correlationId);
        return true;
    }

    public abstract void SetReply(object? value);

    public abstract void SetFailure(Exception exception);
}

internal sealed class PendingCall<TReply> : PendingCall, IValueTaskSource<TReply>
{
    private ManualResetValueTaskSourceCore<object?> _core;

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

    public override void SetReply(object? value) => _core.SetResult(value);

    public override void SetFailure(Exception exception) => _core.SetException(exception);

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

        var (json, serverType, key) = (Json, ServerType, Key);
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
            Channel.Return(this);
        }

        if (value is not EncodedPayload encoded)
        {
            return (TReply)value!;
        }

        try
        {
            return PayloadJson.ReadReply<TReply>(encoded, json);
        }
        catch (Exception exception)
        {
            throw new ReplyUnreadableException(serverType, key, $"The reply of {serverType}/{key} cannot be read as {typeof(TReply).Name}: {exception.Message}", exception);
        }
    }
}
