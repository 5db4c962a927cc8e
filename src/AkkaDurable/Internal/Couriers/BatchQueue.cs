namespace AkkaDurable.Internal.Couriers;

/// <summary>
/// What waits to travel to one other node, in the order in which it came, already in the form in which it travels: bytes of a <c>Batch</c> message. Whoever appends to a queue that nobody is on
/// the way to pick up sends for a pick-up; what comes until that takes place goes along. So batches are as large as the connection is slow, and a lone message waits for nothing. Safe for concurrent use.
/// </summary>
/// <param name="batchBytes">How large a batch gets. An entry that is larger by itself travels alone.</param>
/// <param name="maxBytes">How much may wait.</param>
/// <param name="patience">After how long a pick-up that did not take place is taken for lost and another one is sent for. In ticks of the clock that <c>now</c> goes by.</param>
internal sealed class BatchQueue(int batchBytes, long maxBytes, long patience)
{
    private const int EntryTag = (1 << 3) | 2;
    private const int FirstSize = 1024;

    private readonly Lock _gate = new();
    private Queue<Filled>? _filled;
    private byte[] _current = [];
    private int _length;
    private int _entries;
    private long _filledBytes;
    private bool _isPickUpUnderWay;
    private long _pickUpSince;
    private bool _isClosed;

    /// <summary>How many entries wait that no full batch holds yet; read without a lock.</summary>
    public int Growing => Volatile.Read(ref _entries);

    /// <param name="kind">What the body is.</param>
    /// <param name="body">A message as bytes; copied.</param>
    /// <param name="now">The time.</param>
    /// <param name="wantsPickUp">Whether the caller must send for a pick-up: nobody is on the way.</param>
    public Appended Append(EntryKind kind, ReadOnlySpan<byte> body, long now, out bool wantsPickUp)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                wantsPickUp = false;
                return Appended.Closed;
            }

            wantsPickUp = !_isPickUpUnderWay || now - _pickUpSince >= patience;
            if (wantsPickUp)
            {
                _isPickUpUnderWay = true;
                _pickUpSince = now;
            }

            // An empty queue takes whatever comes, so that no message is too large for it for ever.
            var waiting = _filledBytes + _length;
            if (waiting != 0 && waiting + body.Length > maxBytes)
            {
                return Appended.Full;
            }

            Write(kind, body);
            return Appended.Taken;
        }
    }

    /// <summary>Takes the oldest batch; it is empty if there is nothing.</summary>
    /// <param name="now">The time.</param>
    /// <param name="isMore">Whether the caller must send for the next pick-up.</param>
    public Filled Take(long now, out bool isMore)
    {
        lock (_gate)
        {
            if (_filled is not null && _filled.TryDequeue(out var taken))
            {
                _filledBytes -= taken.Bytes.Length;
            }
            else
            {
                taken = Cut();
            }

            isMore = _isPickUpUnderWay = _length != 0 || _filledBytes != 0;
            _pickUpSince = now;
            return taken;
        }
    }

    /// <summary>The pick-up was lost on its way, or the other node is gone, and with it what waits for it.</summary>
    /// <returns>How many entries are lost.</returns>
    public int Drop(bool close = false)
    {
        lock (_gate)
        {
            var lost = _entries + (_filled?.Sum(batch => batch.Entries) ?? 0);
            _filled = null;
            _filledBytes = 0;
            _current = [];
            _length = 0;
            _entries = 0;
            _isPickUpUnderWay = false;
            _isClosed |= close;
            return lost;
        }
    }

    private void Write(EntryKind kind, ReadOnlySpan<byte> body)
    {
        var inner = 1 + VarintSize(body.Length) + body.Length;
        var needed = 1 + VarintSize(inner) + inner;
        if (_length != 0 && _length + needed > batchBytes)
        {
            var full = Cut();
            (_filled ??= new()).Enqueue(full);
            _filledBytes += full.Bytes.Length;
        }

        if (_current.Length - _length < needed)
        {
            Array.Resize(ref _current, Math.Max(_length + needed, Math.Min(Math.Max(_current.Length * 2, FirstSize), batchBytes)));
        }

        var target = _current.AsSpan(_length);
        target[0] = EntryTag;
        var at = 1 + WriteVarint(target[1..], inner);
        target[at++] = (byte)(((int)kind << 3) | 2);
        at += WriteVarint(target[at..], body.Length);
        body.CopyTo(target[at..]);
        _length += at + body.Length;
        _entries++;
    }

    private Filled Cut()
    {
        var filled = new Filled(_current.AsSpan(0, _length).ToArray(), _entries);
        if (_current.Length > batchBytes)
        {
            // The room for one large message is not kept.
            _current = [];
        }

        _length = 0;
        _entries = 0;
        return filled;
    }

    private static int VarintSize(int value) => value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : value < 0x1000_0000 ? 4 : 5;

    private static int WriteVarint(Span<byte> target, int value)
    {
        var written = 0;
        var rest = (uint)value;
        while (rest >= 0x80)
        {
            target[written++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        target[written++] = (byte)rest;
        return written;
    }

    /// <summary>A batch ready to travel.</summary>
    internal readonly record struct Filled(byte[] Bytes, int Entries);
}
