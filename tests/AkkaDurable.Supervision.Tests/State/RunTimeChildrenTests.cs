using AkkaDurable.Supervision.Internal.State;
using AkkaDurable.Supervision.Tests.Support;
using static AkkaDurable.Supervision.Tests.Support.Specs;

namespace AkkaDurable.Supervision.Tests.State;

public sealed class RunTimeChildrenTests
{
    private readonly Simulation _ab = new Simulation(Supervisor.OneForOne("root", Children("a", "b")).Many()).Begin();

    public RunTimeChildrenTests() => _ab.Take();

    [Fact]
    public void A_started_child_is_added_behind_the_others()
    {
        _ab.Request("start", "c");

        Assert.Equal(["start c", "reply start None"], _ab.Trace);
        Assert.Equal(["a", "b", "c"], _ab.Children.Select(child => child.Spec.Id));
    }

    [Fact]
    public void An_id_that_runs_is_refused_as_already_started()
    {
        _ab.Request("start", "a");

        Assert.Equal(["reply start AlreadyStarted"], _ab.Trace);
    }

    [Fact]
    public void An_id_that_is_known_and_does_not_run_is_refused_as_already_present()
    {
        _ab.Request("terminate", "a").Take();

        _ab.Request("start", "a");

        Assert.Equal(["reply start AlreadyPresent"], _ab.Trace);
    }

    [Fact]
    public void An_id_that_is_about_to_be_restarted_is_refused_as_already_present()
    {
        _ab.Next("a", ExitReason.Error("x"));
        _ab.Before = _ =>
        {
            _ab.Before = null;
            _ab.Request("start", "a");
        };
        _ab.Crash("a");

        Assert.Equal(["start a", "reply start AlreadyPresent", "start a"], _ab.Trace);
    }

    [Fact]
    public void A_start_that_fails_drops_the_spec()
    {
        _ab.Next("c", ExitReason.Error("x")).Request("start", "c");

        Assert.Equal(["start c", "reply start StartFailed"], _ab.Trace);
        Assert.Equal(["a", "b"], _ab.Children.Select(child => child.Spec.Id));
        Assert.Empty(_ab.Reports);
    }

    [Fact]
    public void A_start_that_is_ignored_keeps_the_spec()
    {
        _ab.Next("c", Simulation.Ignore).Request("start", "c");

        Assert.Equal(["start c", "reply start None"], _ab.Trace);
        Assert.Equal(ChildStatus.Stopped, _ab.Children.Last().Status);
    }

    [Fact]
    public void A_start_of_a_temporary_child_that_is_ignored_drops_the_spec()
    {
        _ab.Next("c", Simulation.Ignore).Request("start", "c", Restart.Temporary);

        Assert.Equal("reply start None", _ab.Trace[^1]);
        Assert.Equal(["a", "b"], _ab.Children.Select(child => child.Spec.Id));
    }

    [Fact]
    public void A_spec_that_is_wrong_is_refused_with_its_field()
    {
        _ab.Give(new SupervisorEvent.StartChild("bad", Child("c", Restart.Transient, significant: true)));

        Assert.Equal(["reply bad InvalidSpec"], _ab.Trace);
    }

    [Fact]
    public void A_terminated_child_is_stopped_and_its_spec_kept()
    {
        _ab.Request("terminate", "a");

        Assert.Equal(["stop a", "reply terminate None"], _ab.Trace);
        Assert.Equal([ChildStatus.Stopped, ChildStatus.Running], _ab.Children.Select(child => child.Status));
    }

    [Fact]
    public void A_terminated_child_is_answered_for_when_it_has_ended()
    {
        _ab.Hold("a").Request("terminate", "a");
        Assert.Equal(["stop a"], _ab.Take());

        _ab.Release("a");
        Assert.Equal(["reply terminate None"], _ab.Trace);
    }

    [Fact]
    public void A_terminated_temporary_child_is_forgotten()
    {
        _ab.Request("start", "c", Restart.Temporary).Request("terminate", "c").Take();

        _ab.Request("terminate", "c");

        Assert.Equal(["reply terminate NotFound"], _ab.Trace);
    }

    [Fact]
    public void Terminating_a_child_that_does_not_run_is_fine()
    {
        _ab.Request("terminate", "a").Take();

        _ab.Request("terminate", "a");

        Assert.Equal(["reply terminate None"], _ab.Trace);
    }

    [Fact]
    public void Terminating_a_child_does_not_restart_its_siblings()
    {
        var simulation = new Simulation(Supervisor.OneForAll("root", Children("a", "b"))).Begin();
        simulation.Take();

        simulation.Request("terminate", "a");

        Assert.Equal(["stop a", "reply terminate None"], simulation.Trace);
    }

    [Fact]
    public void A_child_that_crashed_before_it_could_be_terminated_is_terminated_and_not_restarted()
    {
        _ab.Hold("b").Crash("b");
        _ab.Request("terminate", "a");
        _ab.Crash("a");
        Assert.Equal(["start b"], _ab.Take());

        _ab.Release("b");
        Assert.Equal(["reply terminate None"], _ab.Trace);
        Assert.False(_ab.IsRunning("a"));
    }

    [Fact]
    public void A_terminated_child_can_be_restarted()
    {
        _ab.Request("terminate", "a").Take();

        _ab.Request("restart", "a");

        Assert.Equal(["start a", "reply restart None"], _ab.Trace);
        Assert.Equal(0, _ab.Children.First().Restarts);
    }

    [Fact]
    public void A_child_that_runs_is_not_restarted()
    {
        _ab.Request("restart", "a");

        Assert.Equal(["reply restart Running"], _ab.Trace);
    }

    [Fact]
    public void An_unknown_child_is_not_found()
    {
        _ab.Request("restart", "x").Request("delete", "x").Request("terminate", "x");

        Assert.Equal(["reply restart NotFound", "reply delete NotFound", "reply terminate NotFound"], _ab.Trace);
    }

    [Fact]
    public void A_restart_that_fails_is_told_and_the_child_stays_stopped()
    {
        _ab.Request("terminate", "a").Next("a", ExitReason.Error("x")).Take();

        _ab.Request("restart", "a");

        Assert.Equal(["start a", "reply restart StartFailed"], _ab.Trace);
        Assert.Equal(ChildStatus.Stopped, _ab.Children.First().Status);
    }

    [Fact]
    public void A_restart_that_is_ignored_is_fine_and_the_child_stays_stopped()
    {
        _ab.Request("terminate", "a").Next("a", Simulation.Ignore).Take();

        _ab.Request("restart", "a");

        Assert.Equal(["start a", "reply restart None"], _ab.Trace);
        Assert.Equal(ChildStatus.Stopped, _ab.Children.First().Status);
    }

    [Fact]
    public void A_child_that_does_not_run_can_be_deleted_and_its_id_used_again()
    {
        _ab.Request("terminate", "a").Take();

        _ab.Request("delete", "a").Request("start", "a");

        Assert.Equal(["reply delete None", "start a", "reply start None"], _ab.Trace);
        Assert.Equal(["b", "a"], _ab.Children.Select(child => child.Spec.Id));
    }

    [Fact]
    public void A_child_that_runs_is_not_deleted()
    {
        _ab.Request("delete", "a");

        Assert.Equal(["reply delete Running"], _ab.Trace);
    }

    [Fact]
    public void Requests_wait_for_what_is_under_way_and_are_handled_in_order()
    {
        _ab.Hold("a").Request("terminate", "a").Request("restart", "a").Request("terminate", "b");
        Assert.Equal(["stop a"], _ab.Take());

        _ab.Release("a");
        Assert.Equal(["reply terminate None", "start a", "reply restart None", "stop b", "reply terminate None"], _ab.Trace);
    }

    [Fact]
    public void A_supervisor_that_ends_refuses_what_waits_and_what_comes()
    {
        _ab.Hold("b").Request("terminate", "b").Request("delete", "a");

        _ab.Stop().Request("restart", "a");
        _ab.Release("b");
        _ab.Request("start", "c");

        Assert.Equal(
            ["stop b", "reply delete SupervisorNotRunning", "reply restart SupervisorNotRunning", "reply terminate None", "stop a", "end shutdown", "reply start SupervisorNotRunning"],
            _ab.Trace);
    }

    [Fact]
    public void Children_of_an_ordered_supervisor_are_not_terminated_by_number()
    {
        _ab.Give(new SupervisorEvent.TerminateRun("number", 1));

        Assert.Equal(["reply number NotFound"], _ab.Trace);
    }
}
