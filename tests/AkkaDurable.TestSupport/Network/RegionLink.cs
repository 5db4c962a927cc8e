namespace AkkaDurable.TestSupport.Network;

/// <summary>One direction of the way between two regions.</summary>
internal sealed class RegionLink
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _healed = Completed();
    private long _delay;
    private long _bytes;

    public TimeSpan Delay
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _delay));
        set => Interlocked.Exchange(ref _delay, value.Ticks);
    }

    /// <summary>How many bytes have arrived by it.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public bool IsCut
    {
        get
        {
            lock (_gate)
            {
                return !_healed.Task.IsCompleted;
            }
        }

        set
        {
            lock (_gate)
            {
                if (!value)
                {
                    _healed.TrySetResult();
                }
                else if (_healed.Task.IsCompleted)
                {
                    _healed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }
        }
    }

    /// <summary>Ends when the way is open.</summary>
    public Task UntilOpenAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _healed.Task.IsCompleted ? Task.CompletedTask : _healed.Task.WaitAsync(cancellationToken);
        }
    }

    public void Count(int bytes) => Interlocked.Add(ref _bytes, bytes);

    private static TaskCompletionSource Completed()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }
}
