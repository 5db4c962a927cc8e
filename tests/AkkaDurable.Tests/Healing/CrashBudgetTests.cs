using AkkaDurable.Internal.Healing;
using CsCheck;

namespace AkkaDurable.Tests.Healing;

public sealed class CrashBudgetTests
{
    private static readonly DateTimeOffset s_start = DateTimeOffset.UnixEpoch;
    private static readonly CrashBudget s_budget = new(5, TimeSpan.FromHours(1), TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(30));

    private static Gen<CrashBudget> Budgets => Gen.Select(
        Gen.Int[0, 30], Gen.Int[1, 10_000], Gen.Int[0, 5_000], Gen.Int[0, 60_000],
        (most, window, first, more) => new CrashBudget(most == 0 ? null : most, TimeSpan.FromSeconds(window), TimeSpan.FromMilliseconds(first), TimeSpan.FromMilliseconds(first + more)));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 200)]
    [InlineData(3, 400)]
    [InlineData(4, 800)]
    [InlineData(9, 25_600)]
    [InlineData(10, 30_000)]
    [InlineData(30, 30_000)]
    public void The_wait_doubles_after_the_second_crash_up_to_the_longest(int crashes, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), s_budget.DelayBefore(Crashed(crashes), s_start));

    [Fact]
    public void What_has_passed_since_the_crash_is_not_waited_again()
    {
        var history = Crashed(3);
        Assert.Equal(TimeSpan.FromMilliseconds(300), s_budget.DelayBefore(history, s_start.AddMilliseconds(100)));
        Assert.Equal(TimeSpan.Zero, s_budget.DelayBefore(history, s_start.AddSeconds(1)));
    }

    [Fact]
    public void A_clock_that_was_ahead_makes_no_longer_wait()
    {
        var history = CrashHistory.Empty.Add(s_start.AddMinutes(9), new InvalidOperationException(), "n", s_budget).Add(s_start.AddMinutes(10), new InvalidOperationException(), "n", s_budget);
        Assert.Equal(TimeSpan.FromMilliseconds(200), s_budget.DelayBefore(history, s_start));
    }

    [Fact]
    public void A_crash_at_the_end_of_time_kept_a_server_from_running()
    {
        var history = CrashHistory.Read("""[{"at":"9999-12-31T23:59:59.9999999+00:00","reason":"r","node":"n"},{"at":"9999-12-31T23:59:59.9999999+00:00","reason":"r","node":"n"}]"""u8.ToArray());
        Assert.Equal(2, history.Crashes.Count);
        Assert.Equal(TimeSpan.FromMilliseconds(200), s_budget.DelayBefore(history, s_start));
    }

    [Fact]
    public void It_is_spent_with_the_last_crash_and_not_before()
    {
        Assert.False(s_budget.IsSpent(Crashed(4), s_start));
        Assert.True(s_budget.IsSpent(Crashed(5), s_start));
        Assert.True(s_budget.IsSpent(Crashed(5), s_start.AddMinutes(59)));
        Assert.False(s_budget.IsSpent(Crashed(5), s_start.AddMinutes(60)));
        Assert.False((s_budget with { MaxCrashes = null }).IsSpent(Crashed(30), s_start));
    }

    [Fact]
    public void Any_wait_is_within_its_bounds_and_grows_with_the_crashes() =>
        Gen.Select(Budgets, Gen.Int[0, 40], Gen.Int[0, 100_000]).Sample((budget, crashes, later) =>
        {
            var now = s_start.AddMilliseconds(later);
            var fewer = Crashed(crashes, budget);
            var delay = budget.DelayBefore(fewer, now);
            Assert.InRange(delay, TimeSpan.Zero, budget.LongestDelay);
            Assert.True(budget.DelayBefore(fewer, now.AddMilliseconds(1)) <= delay);
            Assert.True(budget.DelayBefore(fewer.Add(s_start, new InvalidOperationException(), "n", budget), now) >= delay);
        });

    [Fact]
    public void Any_spent_budget_has_its_crashes_in_the_window() =>
        Gen.Select(Budgets, Gen.Int[0, 4_000].Array[0, 40]).Sample((budget, gaps) =>
        {
            var (now, history, times) = (s_start, CrashHistory.Empty, new List<DateTimeOffset>());
            foreach (var gap in gaps)
            {
                now = now.AddSeconds(gap);
                times.Add(now);
                history = history.Add(now, new InvalidOperationException(), "n", budget);
                var recent = times.Count(time => now - time < budget.Window);
                Assert.Equal(budget.MaxCrashes is { } most && recent >= most, budget.IsSpent(history, now));
                Assert.Equal(Math.Min(recent, CrashBudget.MostCrashes), history.Crashes.Count);
            }
        });

    private static CrashHistory Crashed(int times, CrashBudget? budget = null)
    {
        var history = CrashHistory.Empty;
        for (var i = 0; i < times; i++)
        {
            history = history.Add(s_start, new InvalidOperationException("boom"), "node", budget ?? s_budget);
        }

        return history;
    }
}
