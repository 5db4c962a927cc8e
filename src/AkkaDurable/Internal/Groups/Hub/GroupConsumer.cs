using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace AkkaDurable.Internal.Groups.Hub;

/// <summary>A member that reads its messages itself: a bounded buffer, and a note where messages were dropped. The hub writes; one at a time may read.</summary>
internal sealed class GroupConsumer(int capacity)
{
    private readonly Channel<object> _buffer = Channel.CreateBounded<object>(new BoundedChannelOptions(capacity) { SingleWriter = true, FullMode = BoundedChannelFullMode.Wait });
    private long _missed;
    private volatile bool _isClosed;

    /// <summary>Whether it has left for good.</summary>
    public bool IsClosed { get => _isClosed; set => _isClosed = value; }

    public void Deliver(object message)
    {
        // The note stands where the messages would have been.
        var missed = Interlocked.Exchange(ref _missed, 0);
        if (missed != 0 && !_buffer.Writer.TryWrite(new MessagesMissed(missed)))
        {
            Interlocked.Add(ref _missed, missed + 1);
        }
        else if (!_buffer.Writer.TryWrite(message))
        {
            // Those before it are told of already.
            Interlocked.Increment(ref _missed);
        }
    }

    public void Complete()
    {
        _isClosed = true;
        _buffer.Writer.TryComplete();
    }

    public async IAsyncEnumerable<object> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await _buffer.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            while (_buffer.Reader.TryRead(out var message))
            {
                yield return message;
            }

            // Perhaps nothing follows for long that could bring the note.
            if (Interlocked.Exchange(ref _missed, 0) is var missed and not 0)
            {
                yield return new MessagesMissed(missed);
            }
        }
    }
}
