namespace AkkaDurable.Internal.Calls.Recent;

/// <summary>
/// The calls that a server answered lately without a change of its state: those that failed, and those that changed nothing. No save knows of them, and yet a repeat that was under way when its first attempt was answered
/// must not run: its caller has been told how it ended. In memory only, and it outlives the server's incarnations (see <see cref="PastCalls"/>). Pure and not safe for concurrent use.
/// </summary>
/// <remarks>
/// With each call a node tells which of its calls is the oldest still open, so of nearly all only that is remembered: their number is below (<see cref="CallerFloors"/>). The others are in a ring; what is looked for is mostly
/// among the newest. It matters that this is little: what each of many servers keeps of its last thousand replies lives long enough to be copied by the garbage collector more than once.
/// </remarks>
internal sealed class AnsweredCalls
{
    /// <summary>The most calls of one server.</summary>
    public const int MostCalls = 1_024;

    /// <summary>How many bytes their replies may have together. Of calls beyond that only this is remembered: that they were answered.</summary>
    public const int MostReplyBytes = 4 * 1024;

    private const int FirstLength = 2;
    private const int KeptLength = 16;

    /// <summary>How long a repeat may be under way.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(10);

    private Entry[] _ring = new Entry[FirstLength];

    private CallerFloors _floors;

    // Entries have numbers, in the order in which they came: the first one's, the next one's, and that of the first one that may still have its reply.
    private long _first;
    private long _next;
    private long _firstReply;
    private int _replyBytes;
    private long _lastAdded;
    private long _lastRepeat;

    /// <summary>The calls that a server had remembered with its state, when it was deleted: they went with its record.</summary>
    public RecentCalls? OfDeleted { get; set; }

    /// <summary>Whether one of them was a repeat, so that its first attempt may be still to come.</summary>
    public bool HasRepeats { get; private set; }

    /// <summary>About how many bytes it keeps from being collected.</summary>
    public int Bytes => (_ring.Length * System.Runtime.CompilerServices.Unsafe.SizeOf<Entry>()) + _floors.Bytes + _replyBytes;

    /// <summary>A call was answered.</summary>
    /// <param name="key">The call.</param>
    /// <param name="id">Its id.</param>
    /// <param name="isRepeat">Whether it was sent before.</param>
    /// <param name="value">What it was answered.</param>
    /// <param name="failure">The failure that it was answered with; null: none.</param>
    /// <param name="now">A time stamp of the clock.</param>
    /// <param name="keptFor"><see cref="KeptFor"/> in time stamps.</param>
    public void Add(in CallKey key, in CallId id, bool isRepeat, object? value, CallFailure? failure, long now, long keptFor)
    {
        if (id.Session != 0)
        {
            _floors.Raise(id.Session, id.OpenFrom, now, now - keptFor);
        }

        _lastAdded = now;
        _lastRepeat = isRepeat ? now : _lastRepeat;
        HasRepeats = isRepeat || (HasRepeats && _lastRepeat >= now - keptFor);
        Forget(now - keptFor);
        if (_next - _first == _ring.Length)
        {
            if (_ring.Length < MostCalls)
            {
                Resize(_ring.Length * 2);
            }
            else
            {
                DropFirst();
            }
        }

        var bytes = BytesOf(value, failure);
        At(_next++) = bytes <= MostReplyBytes ? new Entry(key, id.Sequence, true, value, failure, bytes, now) : new Entry(key, id.Sequence, false, null, null, 0, now);
        _replyBytes += bytes <= MostReplyBytes ? bytes : 0;
        while (_replyBytes > MostReplyBytes)
        {
            ref var oldest = ref At(_firstReply++);
            _replyBytes -= oldest.Bytes;
            oldest = oldest with { HasReply = false, Value = null, Failure = null, Bytes = 0 };
        }
    }

    /// <summary>Looks a call up.</summary>
    /// <param name="key">The call.</param>
    /// <param name="id">Its id.</param>
    /// <param name="reply">What it was answered, if that is remembered.</param>
    /// <returns>Whether it was answered, or nobody waits for its answer any more.</returns>
    public bool TryFind(in CallKey key, in CallId id, out ReplyEnvelope? reply)
    {
        for (var number = _next - 1; number >= _first; number--)
        {
            ref var entry = ref At(number);
            if (entry.Key == key)
            {
                reply = entry.HasReply ? new ReplyEnvelope(key.CorrelationId, entry.Value, entry.Failure) : null;
                return true;
            }
        }

        reply = null;
        return id.Session != 0 && id.Sequence < _floors.Of(id.Session);
    }

    /// <summary>Whether nothing of it can be asked for any more.</summary>
    /// <param name="now">A time stamp of the clock.</param>
    /// <param name="keptFor"><see cref="KeptFor"/> in time stamps.</param>
    public bool IsPast(long now, long keptFor) => OfDeleted is null && (_next == 0 || _lastAdded < now - keptFor);

    private static int BytesOf(object? value, CallFailure? failure) => failure is not null ? failure.Message.Length * sizeof(char) : value is EncodedPayload encoded ? encoded.Json.Length : 0;

    private void Forget(long before)
    {
        while (_first < _next && (At(_first).When < before || IsOver(in At(_first))))
        {
            DropFirst();
        }

        if (_first == _next && _ring.Length > KeptLength)
        {
            _ring = new Entry[FirstLength];
        }
    }

    private bool IsOver(in Entry entry) => entry.Key.Session != 0 && entry.Sequence < _floors.Of(entry.Key.Session);

    private void DropFirst()
    {
        ref var entry = ref At(_first++);
        _replyBytes -= entry.Bytes;
        _firstReply = Math.Max(_firstReply, _first);
        entry = default;
    }

    private void Resize(int length)
    {
        var ring = new Entry[length];
        for (var number = _first; number < _next; number++)
        {
            ring[number & (length - 1)] = At(number);
        }

        _ring = ring;
    }

    private ref Entry At(long number) => ref _ring[number & (_ring.Length - 1)];

    private readonly record struct Entry(CallKey Key, long Sequence, bool HasReply, object? Value, CallFailure? Failure, int Bytes, long When);
}
