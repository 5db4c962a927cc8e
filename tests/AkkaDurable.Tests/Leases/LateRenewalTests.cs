using AkkaDurable.Internal.Leases;
using AkkaDurable.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AkkaDurable.Tests.Leases;

/// <summary>The store renews, but its answer is taken much later: all threads of the pool are blocked by somebody else. Seen beside a database driver that blocks them: servers kept silent for 1.5 s on an idle machine.</summary>
public sealed class LateRenewalTests
{
    private static readonly TimeSpan s_timeToLive = TimeSpan.FromSeconds(5);
    private readonly StoppedTimers _time = new();

    [Theory]
    [InlineData(6, false)]
    [InlineData(20, true)]
    public async Task A_renewal_whose_answer_came_when_the_lease_had_run_out_is_followed_by_another_at_once(int late, bool onWallClockOnly)
    {
        var store = new LateStore(_time);
        var log = new Warnings();
        await using var keeper = new NodeLeaseKeeper(store, _time, log, "a", s_timeToLive);
        await keeper.StartAsync(CancellationToken.None);
        (store.Late, store.OnWallClockOnly) = (TimeSpan.FromSeconds(late), onWallClockOnly);
        Pass(s_timeToLive * 0.3);
        Assert.Equal(2, store.Renewals);
        Assert.True(keeper.Term.IsFresh);
        Assert.Contains($"taken {late}.0 s after", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Renewals_are_counted_from_when_they_are_asked_for()
    {
        var store = new LateStore(_time);
        await using var keeper = new NodeLeaseKeeper(store, _time, NullLogger.Instance, "a", s_timeToLive);
        await keeper.StartAsync(CancellationToken.None);
        store.Late = TimeSpan.FromSeconds(1);
        Pass(TimeSpan.FromSeconds(1.5));
        Assert.Equal(1, store.Renewals);
        Pass(TimeSpan.FromSeconds(0.4));
        Assert.Equal(1, store.Renewals);
        Pass(TimeSpan.FromSeconds(0.1));
        Assert.Equal(2, store.Renewals);
    }

    // The store answers at once, and nothing stands between the clock and what waits for it.
    private void Pass(TimeSpan time)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        _time.Advance(time);
        SynchronizationContext.SetSynchronizationContext(context);
    }

    /// <summary>Time can pass without a timer going off.</summary>
    private sealed class StoppedTimers : FakeTimeProvider
    {
        public TimeSpan Unnoticed { get; set; }

        public TimeSpan WallAhead { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Unnoticed + WallAhead;

        public override long GetTimestamp() => (base.GetUtcNow() + Unnoticed).Ticks;
    }

    private sealed class Warnings : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Add(formatter(state, exception));
    }

    /// <summary>Its next renewal is late, those after it are not.</summary>
    private sealed class LateStore(StoppedTimers time) : DelegatingStateStore(new InMemoryStateStore())
    {
        public TimeSpan Late { get; set; }

        public bool OnWallClockOnly { get; set; }

        public int Renewals { get; private set; }

        public override ValueTask<bool> RenewLeaseAsync(long id, CancellationToken cancellationToken = default)
        {
            Renewals++;
            if (OnWallClockOnly)
            {
                time.WallAhead += Late;
            }
            else
            {
                time.Unnoticed += Late;
            }

            Late = TimeSpan.Zero;
            return Inner.RenewLeaseAsync(id, cancellationToken);
        }
    }
}
