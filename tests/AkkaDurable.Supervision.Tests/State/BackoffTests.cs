using AkkaDurable.Supervision.Tests.Support;
using static AkkaDurable.Supervision.Tests.Support.Specs;

namespace AkkaDurable.Supervision.Tests.State;

public sealed class BackoffTests
{
    private static readonly RestartBackoff Backoff = new()
    {
        First = TimeSpan.FromMilliseconds(100),
        Longest = TimeSpan.FromMilliseconds(350),
        Factor = 2,
        Jitter = 0.5,
        StaysUp = TimeSpan.FromMilliseconds(1000),
    };

    [Theory]
    [InlineData(0, 0.5, 100)]
    [InlineData(1, 0.5, 200)]
    [InlineData(2, 0.5, 350)]
    [InlineData(60, 0.5, 350)]
    [InlineData(0, 0, 50)]
    [InlineData(0, 1, 150)]
    [InlineData(2, 1, 525)]
    public void A_delay_grows_up_to_the_longest_and_is_moved_by_the_jitter(int attempt, double random, double milliseconds) =>
        Assert.Equal(milliseconds, Backoff.Delay(attempt, random).TotalMilliseconds, 6);

    [Fact]
    public void A_restart_waits_longer_each_time()
    {
        var simulation = Started(Supervisor.OneForOne("root", [Child("a") with { Backoff = Backoff }]).Many());

        simulation.Crash("a").Advance(99);
        Assert.Empty(simulation.Trace);
        Assert.Equal(ChildStatus.Restarting, simulation.Children.Single().Status);
        simulation.Advance(1);
        Assert.Equal(["start a"], simulation.Take());

        simulation.Crash("a").Advance(199);
        Assert.Empty(simulation.Trace);
        simulation.Advance(1);
        Assert.Equal(["start a"], simulation.Take());

        simulation.Crash("a").Advance(349);
        Assert.Empty(simulation.Trace);
        simulation.Advance(1);
        Assert.Equal(["start a"], simulation.Take());
    }

    [Fact]
    public void A_child_counts_as_started_when_it_stayed_up_and_then_begins_anew()
    {
        var simulation = Started(Supervisor.OneForOne("root", [Child("a") with { Backoff = Backoff }]).Many());
        simulation.Crash("a").Advance(100).Advance(999);
        Assert.Equal(ChildStatus.Settling, simulation.Children.Single().Status);

        simulation.Advance(1);
        Assert.Equal(ChildStatus.Running, simulation.Children.Single().Status);

        simulation.Take();
        simulation.Crash("a").Advance(100);
        Assert.Equal(["start a"], simulation.Trace);
    }

    [Fact]
    public void A_start_that_fails_waits_too()
    {
        var simulation = Started(Supervisor.OneForOne("root", [Child("a") with { Backoff = Backoff }]).Many());
        simulation.Next("a", ExitReason.Error("x"), ExitReason.Error("y"), null);

        simulation.Crash("a").Advance(100);
        Assert.Equal(["start a"], simulation.Take());
        simulation.Advance(199);
        Assert.Empty(simulation.Trace);
        simulation.Advance(1);
        Assert.Equal(["start a"], simulation.Take());
        simulation.Advance(349);
        Assert.Empty(simulation.Trace);
        simulation.Advance(1);
        Assert.Equal(["start a"], simulation.Trace);
    }

    [Fact]
    public void Each_restart_counts_once_for_the_intensity()
    {
        var simulation = Started(Supervisor.OneForOne("root", [Child("a") with { Backoff = Backoff }]) with { Intensity = new(2, TimeSpan.FromMinutes(1)) });

        simulation.Crash("a").Advance(100).Crash("a").Advance(200);
        Assert.Equal(["start a", "start a"], simulation.Take());

        simulation.Crash("a");
        Assert.Equal(["end shutdown escalated"], simulation.Trace);
    }

    [Fact]
    public void A_failed_attempt_counts_for_the_intensity()
    {
        var simulation = Started(Supervisor.OneForOne("root", [Child("a") with { Backoff = Backoff }]) with { Intensity = new(1, TimeSpan.FromMinutes(1)) });
        simulation.Next("a", ExitReason.Error("x"));

        simulation.Crash("a").Advance(1000);

        Assert.Equal(["start a", "end shutdown escalated"], simulation.Trace);
    }

    [Fact]
    public void One_for_all_stops_the_others_at_once_and_starts_all_when_the_time_has_come()
    {
        var simulation = Started(Supervisor.OneForAll("root", [Child("a"), Child("b") with { Backoff = Backoff }, Child("c")]).Many());

        simulation.Crash("b");
        Assert.Equal(["stop c", "stop a"], simulation.Take());

        simulation.Advance(100);
        Assert.Equal(["start a", "start b", "start c"], simulation.Trace);
    }

    [Fact]
    public void Another_restart_meanwhile_takes_the_waiting_one_along()
    {
        var simulation = Started(Supervisor.RestForOne("root", [Child("a"), Child("b") with { Backoff = Backoff }]).Many());

        simulation.Crash("b").Crash("a");
        Assert.Equal(["start a", "start b"], simulation.Take());

        simulation.Advance(500);
        Assert.Empty(simulation.Trace);
    }

    [Fact]
    public void A_waiting_restart_is_called_off_by_terminating_the_child()
    {
        var simulation = Started(Supervisor.OneForOne("root", [Child("a") with { Backoff = Backoff }]).Many());

        simulation.Crash("a").Request("terminate", "a").Advance(500);

        Assert.Equal(["reply terminate None"], simulation.Trace);
        Assert.Equal(ChildStatus.Stopped, simulation.Children.Single().Status);
    }

    [Fact]
    public void A_waiting_restart_does_not_keep_a_supervisor_from_ending()
    {
        var simulation = Started(Supervisor.OneForOne("root", [Child("a") with { Backoff = Backoff }, Child("b")]).Many());

        simulation.Crash("a").Stop().Advance(500);

        Assert.Equal(["stop b", "end shutdown"], simulation.Trace);
    }

    [Fact]
    public void Several_children_wait_each_for_its_own_time()
    {
        var simulation = Started(Supervisor.OneForOne("root", [Child("a") with { Backoff = Backoff }, Child("b") with { Backoff = Backoff }]).Many());

        simulation.Crash("a").Advance(50).Crash("b").Advance(50);
        Assert.Equal(["start a"], simulation.Take());
        simulation.Advance(50);
        Assert.Equal(["start b"], simulation.Trace);
    }

    private static Simulation Started(SupervisorSpec spec)
    {
        var simulation = new Simulation(spec).Begin();
        simulation.Take();
        return simulation;
    }
}
