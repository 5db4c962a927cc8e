using AkkaDurable.Internal.Leases;
using AkkaDurable.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AkkaDurable.Tests.Leases;

/// <summary>The two clocks of a machine disagree: it was suspended, or its wall clock was set.</summary>
public sealed class SuspendedMachineTests
{
    private static readonly TimeSpan s_timeToLive = TimeSpan.FromSeconds(5);
    private readonly TwoClocks _time = new();

    [Fact]
    public void A_machine_that_was_suspended_took_its_lease_for_fresh_when_it_woke()
    {
        var term = new LeaseTerm(1, _time, LeaseDeadline.After(_time, s_timeToLive));
        _time.WallAhead = TimeSpan.FromSeconds(4);
        Assert.True(term.IsFresh);
        _time.WallAhead = TimeSpan.FromSeconds(20);
        Assert.False(term.IsFresh);
        Assert.False(term.IsFreshAt(_time.GetTimestamp()));
        Assert.False(term.IsLost);
    }

    [Fact]
    public void A_wall_clock_that_is_set_back_extends_nothing()
    {
        var term = new LeaseTerm(1, _time, LeaseDeadline.After(_time, s_timeToLive));
        _time.WallAhead = -TimeSpan.FromHours(1);
        _time.Advance(s_timeToLive - TimeSpan.FromTicks(1));
        Assert.True(term.IsFresh);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.False(term.IsFresh);
    }

    [Fact]
    public void A_renewal_that_was_under_way_when_the_machine_was_suspended_is_good_for_nothing()
    {
        var term = new LeaseTerm(1, _time, LeaseDeadline.After(_time, s_timeToLive));
        var asked = LeaseDeadline.After(_time, s_timeToLive);
        _time.WallAhead = TimeSpan.FromSeconds(20);
        term.Extend(asked);
        Assert.False(term.IsFresh);
    }

    [Fact]
    public async Task The_next_renewal_makes_it_good_again_unless_it_was_taken_away()
    {
        var store = new InMemoryStateStore();
        await using var keeper = new NodeLeaseKeeper(store, _time, NullLogger.Instance, "a", s_timeToLive);
        await keeper.StartAsync(CancellationToken.None);
        var first = keeper.Term;
        _time.WallAhead += TimeSpan.FromMinutes(1);
        Assert.False(first.IsFresh);
        Renew();
        Assert.Same(first, keeper.Term);
        Assert.True(first.IsFresh);

        // Suspended again, and meanwhile another node takes over.
        await store.DeleteLeaseAsync(first.Id);
        _time.WallAhead += TimeSpan.FromMinutes(1);
        Assert.False(first.IsFresh);
        Renew();
        Assert.True(first.IsLost);
        Assert.True(keeper.Term.IsFresh);
    }

    // The store answers at once, and nothing stands between the clock and what waits for it.
    private void Renew()
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        _time.Advance(s_timeToLive * 0.3);
        SynchronizationContext.SetSynchronizationContext(context);
    }

    private sealed class TwoClocks : FakeTimeProvider
    {
        public TimeSpan WallAhead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + WallAhead;

        public override long GetTimestamp() => base.GetUtcNow().Ticks;
    }
}
