namespace AkkaDurable.Internal.Healing;

/// <summary>
/// Ends the restarts that nobody asked for when the servers of a type crash one after the other on this node: with too many crashes in a window it opens, and closes again after a while. Servers that are called, or
/// started on request, start all the same. Safe for concurrent use.
/// </summary>
internal sealed class RestartBreaker(TimeProvider time, int? maxCrashes, TimeSpan window, TimeSpan coolDown)
{
    private readonly Lock _gate = new();
    private readonly Queue<long> _crashes = new();
    private long? _openedAt;

    /// <summary>How long it stays open; zero: it is closed.</summary>
    public TimeSpan OpenFor
    {
        get
        {
            lock (_gate)
            {
                return Rest();
            }
        }
    }

    /// <summary>Called when it opens, by the thread that noted the crash: must not block.</summary>
    public event Action? Opened;

    public bool IsOpen => OpenFor > TimeSpan.Zero;

    /// <summary>Counts a crash.</summary>
    /// <returns>Whether this one opened it.</returns>
    public bool Note()
    {
        if (maxCrashes is not { } most)
        {
            return false;
        }

        lock (_gate)
        {
            if (Rest() > TimeSpan.Zero)
            {
                return false;
            }

            var now = time.GetTimestamp();
            _crashes.Enqueue(now);
            while (_crashes.TryPeek(out var first) && time.GetElapsedTime(first, now) >= window)
            {
                _crashes.Dequeue();
            }

            if (_crashes.Count < most)
            {
                return false;
            }

            _openedAt = now;
        }

        Opened?.Invoke();
        return true;
    }

    /// <summary>Closes it before its time, and forgets the crashes.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _openedAt = null;
            _crashes.Clear();
        }
    }

    private TimeSpan Rest()
    {
        if (_openedAt is not { } opened)
        {
            return TimeSpan.Zero;
        }

        var rest = coolDown - time.GetElapsedTime(opened);
        if (rest > TimeSpan.Zero)
        {
            return rest;
        }

        _openedAt = null;
        _crashes.Clear();
        return TimeSpan.Zero;
    }
}
