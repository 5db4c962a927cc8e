using AkkaDurable.Internal.Leases;
using AkkaDurable.Storage;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace AkkaDurable.Tests.Leases;

public sealed class LeaseObservationsTests
{
    private static readonly TimeSpan s_timeToLive = TimeSpan.FromSeconds(5);
    private readonly FakeTimeProvider _time = new();
    private readonly LeaseObservations _observations;

    public LeaseObservationsTests() => _observations = new LeaseObservations(_time);

    [Fact]
    public void A_lease_runs_out_when_it_was_seen_unchanged_for_its_time()
    {
        _observations.Take([Lease(renewals: 3)]);
        _time.Advance(s_timeToLive);
        Assert.False(_observations.HasRunOut(Lease(renewals: 3)));
        _time.Advance(s_timeToLive * 0.05);
        Assert.True(_observations.HasRunOut(Lease(renewals: 3)));
    }

    [Fact]
    public void A_renewal_begins_its_time_anew()
    {
        _observations.Take([Lease(renewals: 3)]);
        _time.Advance(s_timeToLive * 0.9);
        _observations.Take([Lease(renewals: 4)]);
        _time.Advance(s_timeToLive * 0.9);
        Assert.False(_observations.HasRunOut(Lease(renewals: 4)));
        Assert.False(_observations.HasRunOut(Lease(renewals: 3)));
    }

    [Fact]
    public void A_lease_never_seen_before_has_not_run_out() => Assert.False(_observations.HasRunOut(Lease(renewals: 0)));

    [Fact]
    public void A_revocation_does_not_begin_its_time_anew()
    {
        _observations.Take([Lease(renewals: 3)]);
        _time.Advance(s_timeToLive * 0.6);
        _observations.Take([Lease(renewals: 3) with { IsRevoked = true }]);
        _time.Advance(s_timeToLive * 0.6);
        Assert.True(_observations.HasRunOut(Lease(renewals: 3) with { IsRevoked = true }));
    }

    [Fact]
    public void Leases_nobody_asks_for_are_forgotten_in_the_end()
    {
        _observations.Take([Lease(renewals: 3)]);
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(1, Assert.Single(_observations.Forgotten()).Id);
        _observations.Take([]);
        Assert.Empty(_observations.Forgotten());
    }

    // The holder believes in its lease until its time to live after it asked for the renewal; the observer sees renewals late, by up to anything. It must never take a lease for run out that the holder believes in.
    [Fact]
    public void Whatever_the_timing_no_lease_is_taken_that_its_holder_believes_in() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[1, 4_000]).Array[1, 60].Sample(steps =>
        {
            var time = new FakeTimeProvider();
            var observations = new LeaseObservations(time);
            var renewals = 0L;
            var believesUntil = time.GetTimestamp() + s_timeToLive.Ticks;
            long? asked = null;
            foreach (var (step, milliseconds) in steps)
            {
                time.Advance(TimeSpan.FromMilliseconds(milliseconds));
                switch (step)
                {
                    case 0:
                        asked ??= time.GetTimestamp();
                        break;
                    case 1 when asked is { } since:
                        // Stored at last; the holder counts from when it asked.
                        renewals++;
                        believesUntil = since + s_timeToLive.Ticks;
                        asked = null;
                        break;
                    case 2:
                        observations.Take([Lease(renewals)]);
                        break;
                    default:
                        Assert.False(observations.HasRunOut(Lease(renewals)) && time.GetTimestamp() < believesUntil);
                        break;
                }
            }
        }, iter: 10_000);

    private static NodeLease Lease(long renewals) => new(1, "node", s_timeToLive, renewals, IsRevoked: false);
}
