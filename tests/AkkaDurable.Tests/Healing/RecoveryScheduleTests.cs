using AkkaDurable.Internal.Healing;
using CsCheck;

namespace AkkaDurable.Tests.Healing;

public sealed class RecoveryScheduleTests
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_calm = TimeSpan.FromHours(1);

    [Fact]
    public void It_looks_often_in_the_beginning_after_changes_and_after_starts_and_else_seldom()
    {
        var schedule = new RecoverySchedule(s_interval);
        Assert.Equal(RecoverySchedule.Soon, schedule.NextIn(TimeSpan.Zero, started: 0));
        Assert.Equal(s_interval, schedule.NextIn(RecoverySchedule.AlertFor, started: 0));
        Assert.Equal(RecoverySchedule.Soon, schedule.NextIn(s_calm, started: 1));
        schedule.Alert(s_calm);
        Assert.Equal(RecoverySchedule.Soon, schedule.NextIn(s_calm + RecoverySchedule.AlertFor - TimeSpan.FromTicks(1), started: 0));
        Assert.Equal(s_interval, schedule.NextIn(s_calm + RecoverySchedule.AlertFor, started: 0));
    }

    [Fact]
    public void A_server_that_does_not_start_is_tried_later_and_later_and_at_least_once_a_minute()
    {
        var schedule = new RecoverySchedule(s_interval);
        var now = s_calm;
        List<int> pauses = [];
        for (var i = 0; i < 9; i++)
        {
            Assert.True(schedule.IsDue("k", now));
            schedule.Failed("k", now, retryAfter: null);
            var pause = schedule.NextIn(now, started: 0);
            Assert.False(schedule.IsDue("k", now + pause - TimeSpan.FromTicks(1)));
            pauses.Add((int)pause.TotalSeconds);
            now += pause;
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60, 60], pauses);
    }

    [Fact]
    public void A_server_without_a_place_is_tried_when_there_may_be_one()
    {
        var schedule = new RecoverySchedule(s_interval);
        schedule.Failed("k", s_calm, TimeSpan.FromSeconds(7));
        Assert.False(schedule.IsDue("k", s_calm + TimeSpan.FromSeconds(6)));
        Assert.True(schedule.IsDue("k", s_calm + TimeSpan.FromSeconds(7)));
        schedule.Failed("k", s_calm, TimeSpan.FromHours(7));
        Assert.True(schedule.IsDue("k", s_calm + TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void What_started_or_is_gone_waits_no_more()
    {
        var schedule = new RecoverySchedule(s_interval);
        schedule.Failed("a", s_calm, null);
        schedule.Failed("b", s_calm, null);
        schedule.Failed("c", s_calm, null);
        schedule.Started("a");
        schedule.Forget(new HashSet<string> { "a", "c" });
        Assert.Equal(1, schedule.Waiting);
        Assert.True(schedule.IsDue("a", s_calm));
        Assert.True(schedule.IsDue("b", s_calm));
        Assert.False(schedule.IsDue("c", s_calm));
    }

    [Fact]
    public void Any_next_look_is_soon_enough_for_all_that_wait_and_never_at_once() =>
        Gen.Select(Gen.Int[100, 600_000], Gen.Select(Gen.Int[0, 20], Gen.Int[-1, 100]).Array[0, 50]).Sample((interval, failures) =>
        {
            var schedule = new RecoverySchedule(TimeSpan.FromMilliseconds(interval));
            foreach (var (key, hold) in failures)
            {
                schedule.Failed($"{key}", s_calm, hold < 0 ? null : TimeSpan.FromSeconds(hold));
            }

            var next = schedule.NextIn(s_calm, started: 0);
            Assert.InRange(next, TimeSpan.FromMilliseconds(Math.Min(interval, 500)), TimeSpan.FromMilliseconds(interval));
            Assert.True(failures.All(failure => next <= TimeSpan.FromMinutes(1) || schedule.IsDue($"{failure.Item1}", s_calm)));
        });
}
