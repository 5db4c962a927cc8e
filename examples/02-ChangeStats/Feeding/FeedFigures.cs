using AkkaDurable;

namespace ChangeStats.Feeding;

/// <summary>What the feeder counts. Written by its loop alone; the counts may be read by others meanwhile.</summary>
internal sealed class FeedFigures(TimeProvider time)
{
    private readonly SortedDictionary<string, long> _failures = new(StringComparer.Ordinal);
    private readonly HashSet<string> _slow = new(StringComparer.Ordinal);
    private long _sent;
    private long _acknowledged;
    private long _failed;
    private long _gapsFrom = long.MaxValue;
    private long _startedAt;
    private TaskCompletionSource? _reached;
    private long _reachedAt;

    /// <summary>From this wait on a file counts as held up.</summary>
    public static TimeSpan SlowAfter { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Changes that were sent, each counted once.</summary>
    public long Sent => Volatile.Read(ref _sent);

    public long Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>Calls that failed and were sent again.</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Failed calls by the type of their exception.</summary>
    public IReadOnlyDictionary<string, long> Failures => _failures;

    /// <summary>The longest wait of one file for an acknowledgement, since <see cref="MeasureGaps"/>.</summary>
    public (TimeSpan Wait, string Path) WorstGap { get; private set; }

    /// <summary>How many files waited longer than <see cref="SlowAfter"/>.</summary>
    public int HeldUp => _slow.Count;

    public TimeSpan Duration { get; private set; }

    public void Start() => _startedAt = time.GetTimestamp();

    public void Stop() => Duration = time.GetElapsedTime(_startedAt);

    /// <summary>From now on, how long each file waits is measured: what was sent before counts from now.</summary>
    public void MeasureGaps() => Volatile.Write(ref _gapsFrom, time.GetTimestamp());

    /// <summary>Ends when so many changes are acknowledged. Ask before the feed starts, and once only.</summary>
    public Task WhenAcknowledged(long count)
    {
        _reachedAt = count;
        _reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _reached.Task;
    }

    public void CountSent() => Interlocked.Increment(ref _sent);

    public void CountAcknowledged(KeyFeed key)
    {
        if (Interlocked.Increment(ref _acknowledged) == _reachedAt)
        {
            _reached?.TrySetResult();
        }

        var from = Volatile.Read(ref _gapsFrom);
        if (from == long.MaxValue)
        {
            return;
        }

        var wait = time.GetElapsedTime(Math.Max(from, key.FirstSentAt));
        if (wait > SlowAfter)
        {
            _slow.Add(key.Path);
        }

        if (wait > WorstGap.Wait)
        {
            WorstGap = (wait, key.Path);
        }
    }

    public void CountFailed(DurableServerException failure)
    {
        Interlocked.Increment(ref _failed);
        var name = failure.GetType().Name;
        _failures[name] = _failures.GetValueOrDefault(name) + 1;
    }
}
