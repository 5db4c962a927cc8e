namespace AkkaDurable;

/// <summary>When a server's changed state is saved, and what its callers may rely on.</summary>
public sealed record SavePolicy
{
    private SavePolicy(bool gated, TimeSpan? interval)
    {
        IsGated = gated;
        Interval = interval;
    }

    /// <summary>
    /// Each change is saved, and no reply or message leaves the server before the state that it was computed from is stored. The server goes on handling messages while a
    /// save is in flight; what changes meanwhile goes into the next save. The default.
    /// </summary>
    public static SavePolicy EveryChange { get; } = new(gated: true, interval: null);

    /// <summary>The state is saved when the server stops in order, or where a result says <c>.Save()</c>. Replies do not wait: a crash loses what changed since.</summary>
    public static SavePolicy OnStop { get; } = new(gated: false, interval: null);

    /// <summary>The state is saved at most this long after it changed, when the server stops, or where a result says <c>.Save()</c>. Replies do not wait: a crash loses up to this much.</summary>
    /// <param name="interval">From a change to its save: 10 ms to 1 day.</param>
    /// <returns>The policy.</returns>
    /// <exception cref="DurableConfigurationException"><paramref name="interval"/> is out of range.</exception>
    public static SavePolicy Every(TimeSpan interval)
    {
        if (interval < TimeSpan.FromMilliseconds(10) || interval > TimeSpan.FromDays(1))
        {
            throw new DurableConfigurationException("SavePolicy.Every.interval", interval.ToString(), "it must be 10 ms to 1 day");
        }

        return new(gated: false, interval);
    }

    /// <summary>The interval of <see cref="Every"/>; <see langword="null"/> for the other policies.</summary>
    public TimeSpan? Interval { get; }

    // Whether every output waits for the state that it was computed from.
    internal bool IsGated { get; }

    /// <summary>Renders the policy as it is written in configuration: <c>EveryChange</c>, <c>OnStop</c> or the interval.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => IsGated ? nameof(EveryChange) : Interval?.ToString() ?? nameof(OnStop);
}
