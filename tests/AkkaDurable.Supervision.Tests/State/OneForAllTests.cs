using AkkaDurable.Supervision.Tests.Support;
using static AkkaDurable.Supervision.Tests.Support.Specs;

namespace AkkaDurable.Supervision.Tests.State;

public sealed class OneForAllTests
{
    private readonly Simulation _abc = Started(Children("a", "b", "c"));

    [Fact]
    public void The_others_are_stopped_in_reverse_order_and_all_are_started_in_order()
    {
        _abc.Crash("b");

        Assert.Equal(["stop c", "stop a", "start a", "start b", "start c"], _abc.Trace);
    }

    [Fact]
    public void Each_stop_is_waited_for_before_the_next_and_all_before_the_first_start()
    {
        _abc.Hold("c").Crash("b");
        Assert.Equal(["stop c"], _abc.Take());

        _abc.Hold("a").Release("c");
        Assert.Equal(["stop a"], _abc.Take());

        _abc.Release("a");
        Assert.Equal(["start a", "start b", "start c"], _abc.Trace);
    }

    [Fact]
    public void Several_that_end_at_once_make_one_restart()
    {
        _abc.Hold("c").Crash("b");
        _abc.Crash("a");
        _abc.Release("c");

        Assert.Equal(["stop c", "start a", "start b", "start c"], _abc.Trace);
        Assert.Contains("ShutdownError a error: crash", _abc.Reports);
    }

    [Fact]
    public void A_child_that_ends_again_during_the_restart_makes_another_one_afterwards()
    {
        _abc.Before = _ =>
        {
            if (_abc.Trace[^1] == "start c")
            {
                _abc.Before = null;
                _abc.Crash("a");
            }
        };
        _abc.Crash("b");

        Assert.Equal(["stop c", "stop a", "start a", "start b", "start c", "stop c", "stop b", "start a", "start b", "start c"], _abc.Trace);
    }

    [Fact]
    public void A_start_that_fails_during_the_restart_is_tried_again_with_all()
    {
        _abc.Next("b", ExitReason.Error("x"), null).Crash("c");

        Assert.Equal(["stop b", "stop a", "start a", "start b", "stop a", "start a", "start b", "start c"], _abc.Trace);
    }

    [Fact]
    public void A_temporary_sibling_is_stopped_and_not_started_again()
    {
        var simulation = Started(Child("a", Restart.Temporary), Child("b"), Child("c", Restart.Temporary), Child("d"));

        simulation.Crash("b");

        Assert.Equal(["stop d", "stop c", "stop a", "start b", "start d"], simulation.Trace);
        Assert.Equal(["b", "d"], simulation.Children.Select(child => child.Spec.Id));
    }

    [Fact]
    public void A_transient_sibling_that_had_ended_is_started_with_the_others()
    {
        var simulation = Started(Child("a", Restart.Transient), Child("b"));
        simulation.Exit("a", ExitReason.Normal);
        Assert.Empty(simulation.Take());

        simulation.Crash("b");

        Assert.Equal(["start a", "start b"], simulation.Trace);
    }

    [Fact]
    public void A_sibling_that_was_terminated_by_hand_is_started_with_the_others()
    {
        _abc.Request("terminate", "a").Take();

        _abc.Crash("b");

        Assert.Equal(["stop c", "start a", "start b", "start c"], _abc.Trace);
    }

    [Fact]
    public void An_end_that_restarts_nothing_touches_no_sibling()
    {
        var simulation = Started(Child("a"), Child("b", Restart.Transient), Child("c", Restart.Temporary));

        simulation.Exit("b", ExitReason.Normal).Crash("c");

        Assert.Empty(simulation.Trace);
    }

    [Fact]
    public void One_restart_of_all_counts_once()
    {
        var simulation = new Simulation(Supervisor.OneForAll("root", Children("a", "b", "c")) with { Intensity = new(1, TimeSpan.FromSeconds(5)) }).Begin();

        simulation.Crash("a");

        Assert.False(simulation.IsOver);
        Assert.Equal([1, 1, 1], simulation.Children.Select(child => child.Restarts));
    }

    [Fact]
    public void An_order_to_end_during_the_restart_starts_nothing_more()
    {
        _abc.Hold("c").Crash("b").Stop();
        _abc.Release("c");

        Assert.Equal(["stop c", "stop a", "end shutdown"], _abc.Trace);
    }

    private static Simulation Started(params ChildSpec[] children)
    {
        var simulation = new Simulation(Supervisor.OneForAll("root", children).Many()).Begin();
        simulation.Take();
        return simulation;
    }
}
