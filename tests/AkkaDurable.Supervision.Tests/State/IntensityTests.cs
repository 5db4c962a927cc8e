using AkkaDurable.Supervision.Internal.State;
using AkkaDurable.Supervision.Tests.Support;
using static AkkaDurable.Supervision.Tests.Support.Specs;

namespace AkkaDurable.Supervision.Tests.State;

public sealed class IntensityTests
{
    [Fact]
    public void The_default_is_three_restarts_in_five_seconds() =>
        Assert.Equal(new RestartIntensity(3, TimeSpan.FromSeconds(5)), Supervisor.OneForOne("root", []).Intensity);

    [Fact]
    public void As_many_restarts_as_allowed_are_made()
    {
        var simulation = Started(3, 5000);

        simulation.Crash("a").Crash("a").Crash("a");

        Assert.Equal(["start a", "start a", "start a"], simulation.Trace);
    }

    [Fact]
    public void One_more_stops_all_children_in_reverse_order_and_ends_the_supervisor_with_shutdown()
    {
        var simulation = Started(3, 5000).Crash("a").Crash("a").Crash("a");
        simulation.Take();

        simulation.Crash("a");

        Assert.Equal(["stop c", "stop b", "end shutdown escalated"], simulation.Trace);
        Assert.Equal("TooManyRestarts a shutdown", simulation.Reports[^1]);
    }

    [Fact]
    public void All_children_count_together()
    {
        var simulation = Started(2, 5000);

        simulation.Crash("a").Crash("b").Crash("c");

        Assert.True(simulation.IsOver);
    }

    [Fact]
    public void Zero_allows_none()
    {
        var simulation = Started(0, 5000);

        simulation.Crash("a");

        Assert.Equal(["stop c", "stop b", "end shutdown escalated"], simulation.Trace);
    }

    [Fact]
    public void An_end_that_restarts_nothing_does_not_count()
    {
        var simulation = new Simulation(Supervisor.OneForOne("root", [Child("a", Restart.Transient), Child("b", Restart.Temporary)]) with { Intensity = new(0, TimeSpan.FromSeconds(5)) }).Begin();

        simulation.Exit("a", ExitReason.Normal).Crash("b");

        Assert.False(simulation.IsOver);
    }

    [Fact]
    public void Failed_attempts_count()
    {
        var simulation = Started(3, 5000);
        simulation.Next("a", ExitReason.Error("1"), ExitReason.Error("2"), ExitReason.Error("3"), ExitReason.Error("4"));

        simulation.Crash("a");

        Assert.Equal(["start a", "start a", "start a", "stop c", "stop b", "end shutdown escalated"], simulation.Trace);
    }

    [Fact]
    public void A_restart_by_hand_does_not_count()
    {
        var simulation = Started(0, 5000);

        simulation.Request("terminate", "a").Request("restart", "a");

        Assert.False(simulation.IsOver);
        Assert.True(simulation.IsRunning("a"));
    }

    [Theory]
    [InlineData(4999, true)]
    [InlineData(5000, true)]
    [InlineData(5001, false)]
    public void A_restart_counts_for_exactly_the_period(int milliseconds, bool isTooMuch)
    {
        var simulation = Started(1, 5000).Crash("a");

        simulation.Advance(milliseconds).Crash("a");

        Assert.Equal(isTooMuch, simulation.IsOver);
    }

    [Fact]
    public void The_window_slides()
    {
        var simulation = Started(2, 1000);

        for (var i = 0; i < 50; i++)
        {
            simulation.Crash("a").Advance(501);
        }

        Assert.False(simulation.IsOver);
        simulation.Crash("a").Crash("a");
        Assert.True(simulation.IsOver);
    }

    [Fact]
    public void A_window_forgets_what_is_too_old_and_nothing_else()
    {
        var window = new RestartWindow(new RestartIntensity(2, TimeSpan.FromMilliseconds(10)));

        Assert.True(window.TryAdd(At(0)));
        Assert.True(window.TryAdd(At(5)));
        Assert.False(window.TryAdd(At(10)));
        Assert.False(window.TryAdd(At(15)));
        Assert.True(window.TryAdd(At(26)));

        static TimeSpan At(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
    }

    private static Simulation Started(int restarts, int period)
    {
        var simulation = new Simulation(Supervisor.OneForOne("root", Children("a", "b", "c")) with { Intensity = new(restarts, TimeSpan.FromMilliseconds(period)) }).Begin();
        simulation.Take();
        return simulation;
    }
}
