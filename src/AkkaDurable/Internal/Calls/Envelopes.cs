using AkkaDurable.Internal.Telemetry;

namespace AkkaDurable.Internal.Calls;

/// <summary>Everything of ours that crosses the wire, so that one serializer binding covers it.</summary>
internal interface IWireMessage;

/// <summary>A message for one server, routed by its key. The reply address is the actor sender.</summary>
internal abstract class ServerEnvelope(string serverType, string key) : IWireMessage
{
    private const int Taken = 1;
    private const int Withdrawn = 2;

    private int _fate;

    public string ServerType { get; } = serverType;

    public string Key { get; } = key;

    /// <summary>The span that sent it; null: it was not traced.</summary>
    public TraceOrigin? Trace { get; init; }

    /// <summary>The first attempt, when this is a further one: what becomes of one becomes of all.</summary>
    protected ServerEnvelope? First { get; init; }

    private ref int Fate => ref (First ?? this)._fate;

    /// <summary>It has come to a server, or leaves for another node. False: it was withdrawn before, and its caller was told that it did not run.</summary>
    public bool TryTake() => Volatile.Read(ref Fate) == Taken || Interlocked.CompareExchange(ref Fate, Taken, 0) != Withdrawn;

    /// <summary>Takes it back from wherever it waits for a way to its server. False: it was taken.</summary>
    public bool TryWithdraw() => Interlocked.CompareExchange(ref Fate, Withdrawn, 0) != Taken;
}

/// <summary>A call on its way. <see cref="Payload"/> is the message itself or, when it came over the wire, an <see cref="EncodedPayload"/>.</summary>
internal sealed class CallEnvelope(string serverType, string key, long correlationId, object payload) : ServerEnvelope(serverType, key)
{
    // The attempt that knows whether one of them was answered, on the calling node.
    private CallEnvelope? _told;
    private int _answered;
    private volatile bool _hasLeft;

    /// <summary>What tells the call from all others, however often it is sent.</summary>
    public CallId Id { get; init; }

    /// <summary>Sent before, without an answer: it may have run.</summary>
    public bool IsRepeat { get; init; }

    public long CorrelationId { get; } = correlationId;

    public object Payload { get; } = payload;

    /// <summary>True for the first answer only, to whichever attempt of those that did not leave the calling node.</summary>
    public bool TryAnswer() => Interlocked.Exchange(ref (_told ?? this)._answered, 1) == 0;

    public bool IsAnswered => Volatile.Read(ref (_told ?? this)._answered) != 0;

    /// <summary>Whether it was sent, on the calling node: a handler's call may first wait at the gate.</summary>
    public bool HasLeft => _hasLeft;

    public void Leave() => _hasLeft = true;

    /// <summary>Whether its handler had returned before it was answered, so that what that changed may be stored whatever becomes of the reply. Stays in the process.</summary>
    public bool IsAnsweredLate { get; set; }

    /// <summary>The same call, to be sent once more.</summary>
    public CallEnvelope Repeat() => new(ServerType, Key, CorrelationId, Payload) { Id = Id, Trace = Trace, IsRepeat = true, First = First ?? this, _told = _told ?? this };

    /// <summary>The same call, when what it was answered was that another owner is to be asked.</summary>
    public CallEnvelope Renew() => new(ServerType, Key, CorrelationId, Payload) { Id = Id, Trace = Trace, First = First ?? this, _hasLeft = true };
}

internal sealed class CastEnvelope(string serverType, string key, object payload) : ServerEnvelope(serverType, key)
{
    public object Payload { get; } = payload;
}

internal enum ControlVerb
{
    Start = 1,
    EnsureStarted = 2,
    Stop = 3,
    Delete = 4,
    Info = 5,
    IsRunning = 6,

    /// <summary>From a server to itself, by the shard region; its correlation id is the shortcut's number. Meant for nobody else, and never answered.</summary>
    OpenShortcut = 7,

    StopPermanently = 8,
    Cordon = 9,
    Uncordon = 10,

    /// <summary>Starts a permanent server that runs nowhere, which nobody asked for.</summary>
    Recover = 11,
}

/// <summary>Asks something of the server's runtime instead of its handlers.</summary>
internal sealed class ControlEnvelope(string serverType, string key, long correlationId, ControlVerb verb, object? initialState = null)
    : ServerEnvelope(serverType, key)
{
    public long CorrelationId { get; } = correlationId;

    public ControlVerb Verb { get; } = verb;

    /// <summary>For the starts: a state, or when it came over the wire an <see cref="EncodedPayload"/>.</summary>
    public object? InitialState { get; } = initialState;
}

/// <summary>The answer to a call or control message: a value or a failure.</summary>
internal sealed class ReplyEnvelope(long correlationId, object? value, CallFailure? failure = null) : IWireMessage
{
    public long CorrelationId { get; } = correlationId;

    public object? Value { get; } = value;

    public CallFailure? Failure { get; } = failure;

    /// <summary>The call that it answers, for as long as it stays with the server.</summary>
    public CallEnvelope? Call { get; init; }

    /// <summary>Whether the call's handler had returned before.</summary>
    public bool IsLate => Call is { IsAnsweredLate: true };
}

/// <summary>A payload as it came over the wire. It is read by whoever handles it, so that a bad one can be answered instead of killing the connection.</summary>
/// <param name="Alias">The message type's name on the wire; empty for replies and states, whose type the reader knows.</param>
/// <param name="Json">The body: JSON, or what a codec wrote (<see cref="Codecs.CodecPayload"/>).</param>
internal sealed record EncodedPayload(string Alias, ReadOnlyMemory<byte> Json);
