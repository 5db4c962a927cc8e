namespace AkkaDurable.Internal.Healing;

/// <summary>When the recovery director looks for permanent servers that run nowhere, and which of those it finds it tries to start. Pure; times are time stamps of one clock.</summary>
internal sealed class RecoverySchedule(TimeSpan interval)
{
    /// <summary>How soon it looks again while there is, or may soon be, something to do.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(500);

    /// <summary>How long after a change of the cluster it looks often: the lease of a lost node may outlast its membership.</summary>
    public static readonly TimeSpan AlertFor = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, Failure> _failures = new(StringComparer.Ordinal);
    private TimeSpan _alertUntil = AlertFor;

    /// <summary>How many servers could not be started the last time, and wait.</summary>
    public int Waiting => _failures.Count;

    /// <summary>The cluster changed, or this director has just begun.</summary>
    public void Alert(TimeSpan now) => _alertUntil = now + AlertFor;

    /// <summary>Whether a server that was found is to be started now.</summary>
    public bool IsDue(string key, TimeSpan now) => !_failures.TryGetValue(key, out var failure) || failure.DueAt <= now;

    public void Started(string key) => _failures.Remove(key);

    /// <summary>It did not start. It is tried again later and later, or when there will be a place for it.</summary>
    public void Failed(string key, TimeSpan now, TimeSpan? retryAfter)
    {
        var pause = _failures.TryGetValue(key, out var earlier) ? Min(earlier.Pause * 2, s_longestPause) : s_firstPause;
        _failures[key] = new(pause, now + (retryAfter is { } hold ? Min(hold, s_longestPause) : pause));
    }

    /// <summary>A pass has found all there were: what it did not find has been started otherwise, or is gone.</summary>
    public void Forget(IReadOnlySet<string> found)
    {
        foreach (var key in _failures.Keys.Where(key => !found.Contains(key)).ToArray())
        {
            _failures.Remove(key);
        }
    }

    /// <summary>In how long to look again after a pass that started some servers, or none.</summary>
    public TimeSpan NextIn(TimeSpan now, int started)
    {
        if (started > 0 || now < _alertUntil)
        {
            return Min(Soon, interval);
        }

        var next = interval;
        foreach (var failure in _failures.Values)
        {
            next = Min(next, Max(failure.DueAt - now, Soon));
        }

        return next;
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private readonly record struct Failure(TimeSpan Pause, TimeSpan DueAt);
}
