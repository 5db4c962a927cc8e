using AkkaDurable.Supervision.Internal.State;
using AkkaDurable.Supervision.Tests.Support;
using static AkkaDurable.Supervision.Tests.Support.Specs;

namespace AkkaDurable.Supervision.Tests.State;

public sealed class StartTests
{
    private readonly Simulation _abc = new(Supervisor.OneForOne("root", Children("a", "b", "c")));

    [Fact]
    public void Children_are_started_in_order()
    {
        _abc.Begin();

        Assert.Equal(["start a", "start b", "start c", "ready"], _abc.Trace);
    }

    [Fact]
    public void A_child_is_started_only_when_the_one_before_it_has_started()
    {
        _abc.Hold("b").Begin();
        Assert.Equal(["start a", "start b"], _abc.Take());

        _abc.Release("b");
        Assert.Equal(["start c", "ready"], _abc.Trace);
    }

    [Fact]
    public void A_supervisor_without_children_starts()
    {
        var simulation = new Simulation(Supervisor.OneForOne("root", [])).Begin();

        Assert.Equal(["ready"], simulation.Trace);
    }

    [Fact]
    public void An_ignored_start_keeps_the_spec_and_goes_on_with_the_next_child()
    {
        _abc.Next("b", Simulation.Ignore).Begin();

        Assert.Equal(["start a", "start b", "start c", "ready"], _abc.Trace);
        Assert.Equal([ChildStatus.Running, ChildStatus.Stopped, ChildStatus.Running], _abc.Children.Select(child => child.Status));
    }

    [Fact]
    public void An_ignored_start_of_a_temporary_child_forgets_it()
    {
        var simulation = new Simulation(Supervisor.OneForOne("root", [Child("a"), Child("b", Restart.Temporary), Child("c")]));
        simulation.Next("b", Simulation.Ignore).Begin();

        Assert.Equal(["a", "c"], simulation.Children.Select(child => child.Spec.Id));
    }

    [Fact]
    public void A_failed_start_stops_those_before_it_in_reverse_order_and_fails_the_supervisor()
    {
        _abc.Next("c", ExitReason.Error("no disk")).Begin();

        Assert.Equal(["start a", "start b", "start c", "stop b", "stop a", "failed shutdown: ChildStartException: the child c did not start: error: no disk"], _abc.Trace);
        Assert.Equal(["StartError c error: no disk"], _abc.Reports);
    }

    [Fact]
    public void Those_after_a_failed_start_are_not_started()
    {
        _abc.Next("a", ExitReason.Error("no disk")).Begin();

        Assert.Equal(["start a", "failed shutdown: ChildStartException: the child a did not start: error: no disk"], _abc.Trace);
    }

    [Fact]
    public void A_temporary_child_whose_start_fails_fails_the_supervisor_too()
    {
        var simulation = new Simulation(Supervisor.OneForOne("root", [Child("a"), Child("b", Restart.Temporary)]));
        simulation.Next("b", ExitReason.Error("x")).Begin();

        Assert.Equal(["start a", "start b", "stop a"], simulation.Trace[..3]);
        Assert.True(simulation.IsOver);
    }

    [Fact]
    public void A_failed_start_is_told_with_the_path_through_the_supervisors_and_the_first_cause()
    {
        var cause = new InvalidOperationException("no disk");
        var inner = ExitReason.FailedToStart("store", ExitReason.Error(cause));

        var outer = Assert.IsType<ChildStartException>(ExitReason.FailedToStart("checkout", inner).Exception);

        Assert.Equal("checkout/store", outer.Path);
        Assert.Same(cause, outer.Reason.Exception);
        Assert.Equal("the child checkout/store did not start: error: InvalidOperationException: no disk", outer.Message);
    }

    [Fact]
    public void A_child_that_ends_while_others_are_started_is_restarted_when_all_have_started()
    {
        _abc.Before = id =>
        {
            if (id == "c" && !_abc.Trace.Contains("ready"))
            {
                _abc.Before = null;
                _abc.Crash("a");
            }
        };
        _abc.Begin();

        Assert.Equal(["start a", "start b", "start c", "ready", "start a"], _abc.Trace);
    }

    [Fact]
    public void An_order_to_end_during_the_start_cancels_it_and_stops_what_has_started()
    {
        _abc.Hold("b").Begin();

        _abc.Stop();
        Assert.Equal(["start a", "start b", "cancel b"], _abc.Take());

        _abc.Release("b");
        Assert.Equal(["stop b", "stop a", "end shutdown"], _abc.Trace);
    }

    [Fact]
    public void An_order_to_end_during_a_start_that_then_fails_ends_in_order_too()
    {
        _abc.Hold("b").Next("b", ExitReason.Error("late")).Begin().Stop();

        _abc.Release("b");
        Assert.Equal(["start a", "start b", "cancel b", "stop a", "failed shutdown: ChildStartException: the child b did not start: error: late"], _abc.Trace);
    }

    [Fact]
    public void Ordered_twice_to_end_it_ends_once_for_the_first_reason()
    {
        _abc.Begin().Hold("c").Take();

        _abc.Stop().Stop(ExitReason.Error("again"));
        _abc.Release("c").Stop();

        Assert.Equal(["stop c", "stop b", "stop a", "end shutdown"], _abc.Trace);
    }

    [Fact]
    public void Answers_of_starts_that_are_over_change_nothing()
    {
        _abc.Begin().Take();

        _abc.Give(new SupervisorEvent.Started(1)).Give(new SupervisorEvent.StartFailed(2, ExitReason.Error("x"))).Give(new SupervisorEvent.Ignored(3)).Give(new SupervisorEvent.Exited(77, ExitReason.Killed));

        Assert.Empty(_abc.Trace);
        Assert.All(_abc.Children, child => Assert.Equal(ChildStatus.Running, child.Status));
    }
}
