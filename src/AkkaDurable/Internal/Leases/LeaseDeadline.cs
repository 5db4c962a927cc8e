namespace AkkaDurable.Internal.Leases;

/// <summary>
/// Until when a lease is good, on two clocks. The monotonic one is right while the machine runs, but on most systems stands still while it is suspended; the wall clock goes on, but may be set. The lease has run out when
/// either says so: a wall clock set back then extends nothing, and one set forward costs no more than the time to the next renewal.
/// </summary>
internal readonly record struct LeaseDeadline(long TimeStamp, long UtcTicks)
{
    public static LeaseDeadline Past { get; } = new(long.MinValue, long.MinValue);

    public static LeaseDeadline Never { get; } = new(long.MaxValue, long.MaxValue);

    /// <summary>So much later than now: asked for before the renewal is.</summary>
    public static LeaseDeadline After(TimeProvider time, TimeSpan timeToLive) =>
        new(time.GetTimestamp() + (long)(timeToLive.TotalSeconds * time.TimestampFrequency), time.GetUtcNow().UtcTicks + timeToLive.Ticks);
}
