namespace AkkaDurable.Journal.Internal.Streams;

/// <summary>Tells how long ago something was. It needs no agreement between the clocks of nodes, only that none of them runs at half the speed of another.</summary>
internal sealed class StoreClock(TimeProvider time)
{
    /// <summary>How long an event that has been followed by others stays. The same in every process, since the safety of the writes of one rests on the patience of the others.</summary>
    public static readonly TimeSpan TrimDelay = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Trusted = TrimDelay / 2;

    public TimeProvider Time => time;

    public Moment Now() => new(time.GetTimestamp(), time.GetUtcNow());

    /// <summary>Whether less than half the <see cref="TrimDelay"/> has passed, by the clock that says more: one may stand still while the machine is suspended.</summary>
    public bool IsRecent(Moment moment) => time.GetElapsedTime(moment.Timestamp) < Trusted && time.GetUtcNow() - moment.Utc < Trusted;

    internal readonly record struct Moment(long Timestamp, DateTimeOffset Utc);
}
