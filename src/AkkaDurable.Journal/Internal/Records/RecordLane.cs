namespace AkkaDurable.Journal.Internal.Records;

/// <summary>The operations of this process on one record, one after the other in the order in which they were called, and what is known of the record between them.</summary>
/// <param name="forgotten">Called when the lane retires: when it has nothing to do and nothing to remember.</param>
internal sealed class RecordLane(Action<RecordLane> forgotten)
{
    private readonly Queue<Func<RecordLane, Task>> _waiting = [];
    private bool _isBusy;
    private bool _isRetired;
    private long _trimmedTo;
    private int _isTrimming;

    /// <summary>What the operation under way may rely on, as far as a compare-and-swap relies on anything.</summary>
    public RecordHead? Head { get; set; }

    /// <summary>Up to where this process has trimmed the stream.</summary>
    public long TrimmedTo
    {
        get => Interlocked.Read(ref _trimmedTo);
        set => Interlocked.Exchange(ref _trimmedTo, value);
    }

    /// <summary>Runs an operation when those before it have ended.</summary>
    /// <returns><see langword="false"/>: the lane is retired and takes nothing more.</returns>
    public bool TryAdd(Func<RecordLane, Task> operation)
    {
        lock (_waiting)
        {
            if (_isRetired)
            {
                return false;
            }

            if (_isBusy)
            {
                _waiting.Enqueue(operation);
                return true;
            }

            _isBusy = true;
        }

        _ = RunAsync(operation);
        return true;
    }

    /// <summary>Retires the lane with what it remembers, unless something is under way.</summary>
    public void Retire()
    {
        lock (_waiting)
        {
            if (_isBusy || _isRetired)
            {
                return;
            }

            _isRetired = true;
        }

        forgotten(this);
    }

    /// <summary>At most one trimming of a stream waits at a time.</summary>
    public bool TryBeginTrimming() => Interlocked.Exchange(ref _isTrimming, 1) == 0;

    public void EndTrimming() => Interlocked.Exchange(ref _isTrimming, 0);

    private async Task RunAsync(Func<RecordLane, Task> operation)
    {
        while (true)
        {
            // Operations end their own tasks and throw nothing.
            await operation(this).ConfigureAwait(false);
            lock (_waiting)
            {
                if (_waiting.TryDequeue(out var next))
                {
                    operation = next;
                    continue;
                }

                _isBusy = false;
                if (Head is not null)
                {
                    return;
                }

                _isRetired = true;
            }

            forgotten(this);
            return;
        }
    }
}
