namespace AkkaDurable.Placement.Tests.Strategy;

/// <summary>A clock with which something else can happen just before a timer is set.</summary>
internal sealed class InterveningTime(TimeProvider inner) : TimeProvider
{
    /// <summary>Done once.</summary>
    public Action? BeforeNextChange { get; set; }

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow();

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Timer(this, inner.CreateTimer(callback, state, dueTime, period));

    private sealed class Timer(InterveningTime time, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var intervene = time.BeforeNextChange;
            time.BeforeNextChange = null;
            intervene?.Invoke();
            return timer.Change(dueTime, period);
        }

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
