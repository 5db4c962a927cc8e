namespace AkkaDurable.TestSupport.Storage;

/// <summary>A clock that stands still until it is moved.</summary>
public sealed class StoppedClock : TimeProvider
{
    private DateTimeOffset _now = new(2026, 3, 1, 12, 0, 0, 250, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => _now;

    /// <summary>Moves the clock and returns the new time.</summary>
    public DateTimeOffset Move(TimeSpan by) => _now += by;
}
