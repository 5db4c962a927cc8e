using AkkaDurable.Supervision.Internal.State;
using AkkaDurable.Supervision.Tests.Support;
using static AkkaDurable.Supervision.Tests.Support.Specs;

namespace AkkaDurable.Supervision.Tests.State;

public sealed class DynamicStateTests
{
    private readonly Simulation _dynamic = Started(Supervisor.Dynamic("root"));

    [Fact]
    public void It_starts_without_children()
    {
        Assert.Equal(["ready"], new Simulation(Supervisor.Dynamic("root")).Begin().Trace);
    }

    [Fact]
    public void A_child_is_started_from_its_spec()
    {
        _dynamic.Request("start", "a");

        Assert.Equal(["start a", "reply start None"], _dynamic.Trace);
    }

    [Fact]
    public void Two_children_may_have_the_same_id()
    {
        _dynamic.Request("start", "a").Request("start", "a");

        Assert.Equal(2, _dynamic.Children.Count());
    }

    [Fact]
    public void Starts_do_not_wait_for_each_other()
    {
        _dynamic.Hold("a").Request("start", "a").Request("start", "b");

        Assert.Equal(["start a", "start b", "reply start None"], _dynamic.Trace);
    }

    [Fact]
    public void A_start_that_is_ignored_adds_no_child()
    {
        _dynamic.Next("a", Simulation.Ignore).Request("start", "a");

        Assert.Equal("reply start None", _dynamic.Trace[^1]);
        Assert.Empty(_dynamic.Children);
    }

    [Fact]
    public void A_start_that_fails_adds_no_child()
    {
        _dynamic.Next("a", ExitReason.Error("x")).Request("start", "a");

        Assert.Equal("reply start StartFailed", _dynamic.Trace[^1]);
        Assert.Empty(_dynamic.Children);
    }

    [Fact]
    public void More_than_the_most_children_are_refused()
    {
        var simulation = Started(Supervisor.Dynamic("root") with { MaxChildren = 2 });

        simulation.Request("start", "a").Request("start", "b").Request("start", "c");
        Assert.Equal("reply start MaxChildren", simulation.Trace[^1]);

        simulation.Exit("a", ExitReason.Normal);
        Assert.Equal(2, simulation.Children.Count());
    }

    [Fact]
    public void A_child_that_has_ended_makes_room()
    {
        var simulation = Started(Supervisor.Dynamic("root") with { MaxChildren = 1 });
        simulation.Request("start", "a", Restart.Temporary).Exit("a", ExitReason.Error("x")).Take();

        simulation.Request("start", "b");

        Assert.Equal(["start b", "reply start None"], simulation.Trace);
    }

    [Fact]
    public void A_child_that_waits_for_its_restart_takes_room()
    {
        var simulation = Started(Supervisor.Dynamic("root") with { MaxChildren = 1 });
        simulation.Give(new SupervisorEvent.StartChild("first", Child("a") with { Backoff = new() })).Crash("a").Take();

        simulation.Request("start", "b");

        Assert.Equal(["reply start MaxChildren"], simulation.Trace);
    }

    [Fact]
    public void Zero_children_at_most_means_none()
    {
        var simulation = Started(Supervisor.Dynamic("root") with { MaxChildren = 0 });

        simulation.Request("start", "a");

        Assert.Equal(["reply start MaxChildren"], simulation.Trace);
    }

    [Theory]
    [InlineData(Restart.Permanent, false, true)]
    [InlineData(Restart.Permanent, true, true)]
    [InlineData(Restart.Transient, false, false)]
    [InlineData(Restart.Transient, true, true)]
    [InlineData(Restart.Temporary, false, false)]
    [InlineData(Restart.Temporary, true, false)]
    public void Children_are_restarted_by_their_type_and_otherwise_forgotten(Restart restart, bool isAbnormal, bool isRestarted)
    {
        _dynamic.Request("start", "a", restart).Take();

        _dynamic.Exit("a", isAbnormal ? ExitReason.Error("x") : ExitReason.Shutdown);

        Assert.Equal(isRestarted ? ["start a"] : [], _dynamic.Trace);
        Assert.Equal(isRestarted ? 1 : 0, _dynamic.Children.Count());
        Assert.Equal(isAbnormal || restart == Restart.Permanent ? 1 : 0, _dynamic.Reports.Count);
    }

    [Fact]
    public void A_restart_that_fails_is_tried_again_and_counts()
    {
        _dynamic.Request("start", "a").Next("a", ExitReason.Error("1"), ExitReason.Error("2"), null).Take();

        _dynamic.Crash("a");

        Assert.Equal(["start a", "start a", "start a"], _dynamic.Trace);
        Assert.Equal(1, Assert.Single(_dynamic.Children).Restarts);
        Assert.Equal(["ChildTerminated a error: crash", "StartError a error: 1", "StartError a error: 2"], _dynamic.Reports);
    }

    [Fact]
    public void A_restart_that_is_ignored_forgets_the_child()
    {
        _dynamic.Request("start", "a").Next("a", Simulation.Ignore);

        _dynamic.Crash("a");

        Assert.Empty(_dynamic.Children);
    }

    [Fact]
    public void Too_many_restarts_end_it()
    {
        var simulation = Started(Supervisor.Dynamic("root") with { Intensity = new(1, TimeSpan.FromSeconds(1)) });
        simulation.Request("start", "a").Request("start", "b").Crash("a").Take();

        simulation.Advance(1000).Crash("a");

        Assert.Equal(["stop b", "end shutdown escalated"], simulation.Trace);
        Assert.Equal("TooManyRestarts a shutdown", simulation.Reports[^1]);
    }

    [Fact]
    public void Its_end_stops_all_at_once_and_waits_for_them()
    {
        _dynamic.Request("start", "a").Request("start", "b").Hold("a").Hold("b").Take();

        _dynamic.Stop();
        Assert.Equal(["stop a", "stop b"], _dynamic.Take());

        _dynamic.Release("b");
        Assert.Empty(_dynamic.Trace);
        _dynamic.Release("a");
        Assert.Equal(["end shutdown"], _dynamic.Trace);
    }

    [Fact]
    public void A_start_under_way_is_cancelled_by_its_end_and_stopped_when_it_comes_through()
    {
        _dynamic.Hold("a").Request("start", "a").Stop();
        Assert.Equal(["start a", "cancel a"], _dynamic.Take());

        _dynamic.Release("a");
        Assert.Equal(["reply start None", "stop a", "end shutdown"], _dynamic.Trace);
    }

    [Fact]
    public void Requests_to_one_that_ends_are_refused()
    {
        _dynamic.Request("start", "a").Hold("a").Stop().Take();

        _dynamic.Request("start", "b");

        Assert.Equal(["reply start SupervisorNotRunning"], _dynamic.Trace);
    }

    [Fact]
    public void A_child_is_terminated_by_its_number()
    {
        _dynamic.Request("start", "a").Take();

        _dynamic.Give(new SupervisorEvent.TerminateRun("number", _dynamic.RunOf("a")));

        Assert.Equal(["stop a", "reply number None"], _dynamic.Trace);
        Assert.Empty(_dynamic.Children);
    }

    [Fact]
    public void All_who_wait_for_the_end_of_a_child_are_answered()
    {
        _dynamic.Request("start", "a").Hold("a").Take();

        _dynamic.Give(new SupervisorEvent.TerminateRun("one", _dynamic.RunOf("a"))).Give(new SupervisorEvent.TerminateRun("two", _dynamic.RunOf("a")));
        _dynamic.Release("a", ExitReason.Error("in the end"));

        Assert.Equal(["stop a", "reply one None", "reply two None"], _dynamic.Trace);
        Assert.Equal(["ShutdownError a error: in the end"], _dynamic.Reports);
    }

    [Fact]
    public void A_child_that_waits_for_its_restart_is_terminated_by_the_number_it_had()
    {
        _dynamic.Give(new SupervisorEvent.StartChild("first", Child("a") with { Backoff = new() }));
        var run = _dynamic.RunOf("a");
        _dynamic.Crash("a").Take();

        _dynamic.Give(new SupervisorEvent.TerminateRun("number", run)).Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(["reply number None"], _dynamic.Trace);
        Assert.Empty(_dynamic.Children);
    }

    [Fact]
    public void A_number_that_is_no_child_is_not_found()
    {
        _dynamic.Give(new SupervisorEvent.TerminateRun("number", 99));

        Assert.Equal(["reply number NotFound"], _dynamic.Trace);
    }

    [Fact]
    public void A_child_that_is_being_started_can_be_terminated()
    {
        _dynamic.Hold("a").Request("start", "a").Give(new SupervisorEvent.TerminateRun("number", 1));
        _dynamic.Release("a");

        Assert.Equal(["start a", "cancel a", "reply start None", "stop a", "reply number None"], _dynamic.Trace);
    }

    [Fact]
    public void Requests_by_id_are_refused()
    {
        _dynamic.Request("restart", "a").Request("delete", "a").Request("terminate", "a");

        Assert.Equal(["reply restart NoIds", "reply delete NoIds", "reply terminate NoIds"], _dynamic.Trace);
    }

    [Fact]
    public void A_significant_child_is_refused()
    {
        _dynamic.Give(new SupervisorEvent.StartChild("bad", Child("a", Restart.Temporary, significant: true)));

        Assert.Equal(["reply bad InvalidSpec"], _dynamic.Trace);
    }

    [Fact]
    public void A_backed_off_restart_waits_settles_and_begins_anew()
    {
        var backoff = new RestartBackoff { First = TimeSpan.FromMilliseconds(100), Jitter = 0, StaysUp = TimeSpan.FromMilliseconds(500) };
        _dynamic.Give(new SupervisorEvent.StartChild("first", Child("a") with { Backoff = backoff })).Take();

        _dynamic.Crash("a").Advance(99);
        Assert.Equal(ChildStatus.Restarting, Assert.Single(_dynamic.Children).Status);
        _dynamic.Advance(1);
        Assert.Equal(ChildStatus.Settling, Assert.Single(_dynamic.Children).Status);
        _dynamic.Take();
        _dynamic.Crash("a").Advance(199);
        Assert.Empty(_dynamic.Trace);
        _dynamic.Advance(1).Advance(500);
        Assert.Equal(ChildStatus.Running, Assert.Single(_dynamic.Children).Status);
        _dynamic.Take();

        _dynamic.Crash("a").Advance(100);
        Assert.Equal(["start a"], _dynamic.Trace);
    }

    [Fact]
    public void A_backed_off_start_that_fails_waits_longer_each_time()
    {
        var backoff = new RestartBackoff { First = TimeSpan.FromMilliseconds(100), Jitter = 0 };
        _dynamic.Give(new SupervisorEvent.StartChild("first", Child("a") with { Backoff = backoff })).Next("a", ExitReason.Error("1"), ExitReason.Error("2"), null);
        _dynamic.Crash("a").Advance(100).Take();

        _dynamic.Advance(199);
        Assert.Empty(_dynamic.Trace);
        _dynamic.Advance(1);
        Assert.Equal(["start a"], _dynamic.Take());
        _dynamic.Advance(399);
        Assert.Empty(_dynamic.Trace);
        _dynamic.Advance(1);
        Assert.Equal(["start a"], _dynamic.Trace);
    }

    [Fact]
    public void Several_can_wait_for_their_restart_and_none_is_started_after_the_end()
    {
        var spec = Child("a") with { Backoff = new() };
        _dynamic.Give(new SupervisorEvent.StartChild("1", spec)).Give(new SupervisorEvent.StartChild("2", spec)).Crash("a").Crash("a");
        Assert.Equal([ChildStatus.Restarting, ChildStatus.Restarting], _dynamic.Children.Select(child => child.Status));
        _dynamic.Take();

        _dynamic.Stop().Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(["end shutdown"], _dynamic.Trace);
    }

    [Fact]
    public void It_ends_once()
    {
        _dynamic.Request("start", "a").Hold("a").Take();

        _dynamic.Stop().Stop(ExitReason.Error("again"));
        _dynamic.Release("a").Stop();

        Assert.Equal(["stop a", "end shutdown"], _dynamic.Trace);
    }

    [Fact]
    public void A_first_start_is_no_restart()
    {
        _dynamic.Request("start", "a");

        Assert.Equal(0, Assert.Single(_dynamic.Children).Restarts);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_terminates_a_child_whose_start_comes_to_nothing_is_answered(bool isIgnored)
    {
        _dynamic.Hold("a").Next("a", isIgnored ? Simulation.Ignore : ExitReason.Error("x")).Request("start", "a").Give(new SupervisorEvent.TerminateRun("number", 1));
        _dynamic.Take();

        _dynamic.Release("a");

        Assert.Equal([$"reply start {(isIgnored ? ChildError.None : ChildError.StartFailed)}", "reply number None"], _dynamic.Trace);
        Assert.Empty(_dynamic.Children);
    }

    [Fact]
    public void A_million_temporary_children_leave_nothing_behind()
    {
        for (var i = 0; i < 1_000_000; i++)
        {
            _dynamic.Request("start", "a", Restart.Temporary).Exit("a", ExitReason.Normal);
            _dynamic.Trace.Clear();
        }

        Assert.Empty(_dynamic.Children);
        Assert.Empty(_dynamic.Reports);
    }

    private static Simulation Started(DynamicSupervisorSpec spec)
    {
        var simulation = new Simulation(spec).Begin();
        simulation.Take();
        return simulation;
    }
}
