namespace AkkaDurable.Internal.Healing;

/// <summary>How often a server may crash, and how long it waits before it starts again. Pure.</summary>
/// <param name="MaxCrashes">With so many crashes in the window it starts only on request; null: it never comes to that.</param>
/// <param name="Window">How long a crash counts.</param>
/// <param name="FirstDelay">How long a server waits after its second crash in the window; twice as long after each further one.</param>
/// <param name="LongestDelay">How long it waits at most.</param>
internal sealed record CrashBudget(int? MaxCrashes, TimeSpan Window, TimeSpan FirstDelay, TimeSpan LongestDelay)
{
    /// <summary>How many crashes are kept at most, which bounds what is stored.</summary>
    public const int MostCrashes = 30;

    /// <summary>By the clocks of two nodes, which may differ: a crash of the future counts.</summary>
    public bool IsRecent(ServerCrash crash, DateTimeOffset now) => now - crash.At < Window;

    public bool IsSpent(CrashHistory history, DateTimeOffset now) => MaxCrashes is { } most && Count(history, now) >= most;

    /// <summary>How long the server still has to wait before its next start.</summary>
    public TimeSpan DelayBefore(CrashHistory history, DateTimeOffset now)
    {
        var count = Count(history, now);
        if (count < 2 || FirstDelay == TimeSpan.Zero)
        {
            return TimeSpan.Zero;
        }

        var delay = TimeSpan.FromTicks((long)Math.Min(FirstDelay.Ticks * Math.Pow(2, count - 2), LongestDelay.Ticks));
        var rest = delay - (now - history.Crashes[^1].At);
        return rest < TimeSpan.Zero ? TimeSpan.Zero : rest > delay ? delay : rest;
    }

    private int Count(CrashHistory history, DateTimeOffset now) => history.Crashes.Count(crash => IsRecent(crash, now));
}
