using AkkaDurable.Supervision.Tests.Support;
using static AkkaDurable.Supervision.Tests.Support.Specs;

namespace AkkaDurable.Supervision.Tests.State;

public sealed class RestForOneTests
{
    private readonly Simulation _abcd = Started(Children("a", "b", "c", "d"));

    [Fact]
    public void Those_started_later_are_stopped_in_reverse_order_and_started_again_in_order()
    {
        _abcd.Crash("b");

        Assert.Equal(["stop d", "stop c", "start b", "start c", "start d"], _abcd.Trace);
    }

    [Fact]
    public void The_first_takes_all_with_it_and_the_last_none()
    {
        _abcd.Crash("a");
        Assert.Equal(["stop d", "stop c", "stop b", "start a", "start b", "start c", "start d"], _abcd.Take());

        _abcd.Crash("d");
        Assert.Equal(["start d"], _abcd.Trace);
    }

    [Fact]
    public void When_a_later_one_ends_at_once_with_an_earlier_one_it_goes_with_it()
    {
        _abcd.Hold("d").Crash("b");
        _abcd.Crash("c");
        _abcd.Release("d");

        Assert.Equal(["stop d", "start b", "start c", "start d"], _abcd.Trace);
    }

    [Fact]
    public void When_an_earlier_one_ends_during_the_restart_there_is_another_one_from_there()
    {
        _abcd.Hold("d").Crash("c");
        _abcd.Crash("b");
        _abcd.Release("d");

        Assert.Equal(["stop d", "start c", "start d", "stop d", "stop c", "start b", "start c", "start d"], _abcd.Trace);
    }

    [Fact]
    public void A_start_that_fails_during_the_restart_is_tried_again_from_there()
    {
        _abcd.Next("c", ExitReason.Error("x"), null).Crash("b");

        Assert.Equal(["stop d", "stop c", "start b", "start c", "start c", "start d"], _abcd.Trace);
    }

    [Fact]
    public void An_earlier_end_during_the_attempts_takes_the_attempt_over()
    {
        _abcd.Next("c", ExitReason.Error("x"), null);
        _abcd.Before = id =>
        {
            if (id == "c")
            {
                _abcd.Before = null;
                _abcd.Crash("a");
            }
        };
        _abcd.Exit("c", ExitReason.Killed);

        // d stopped, c failed; then a's end is handled before c's second attempt, and that one is no longer needed.
        Assert.Equal(["stop d", "start c", "stop b", "start a", "start b", "start c", "start d"], _abcd.Trace);
    }

    [Fact]
    public void A_turn_that_was_meant_for_an_earlier_attempt_serves_a_later_one()
    {
        var simulation = Started(Children("a", "b"));
        simulation.Next("b", ExitReason.Error("1"), ExitReason.Error("2"), null);
        var starts = 0;
        simulation.Before = id =>
        {
            if (id == "b" && ++starts == 1)
            {
                simulation.Crash("a");
            }
            else if (id == "b" && starts == 2)
            {
                simulation.Request("delete", "a");
            }
        };

        simulation.Crash("b");

        // The turn of the first failed attempt comes before the request, which came before the second one failed.
        Assert.Equal(["start b", "start a", "start b", "start b", "reply delete Running"], simulation.Trace);
    }

    [Fact]
    public void A_temporary_one_that_was_started_later_is_stopped_and_forgotten()
    {
        var simulation = Started(Child("a"), Child("b", Restart.Temporary), Child("c"));

        simulation.Crash("a");

        Assert.Equal(["stop c", "stop b", "start a", "start c"], simulation.Trace);
        Assert.Equal(["a", "c"], simulation.Children.Select(child => child.Spec.Id));
    }

    [Fact]
    public void The_end_of_a_temporary_one_touches_nobody()
    {
        var simulation = Started(Child("a", Restart.Temporary), Child("b"));

        simulation.Crash("a");

        Assert.Empty(simulation.Trace);
    }

    [Fact]
    public void A_child_that_was_added_at_run_time_is_the_last()
    {
        _abcd.Request("start", "e").Take();

        _abcd.Crash("d");
        Assert.Equal(["stop e", "start d", "start e"], _abcd.Trace);
    }

    [Fact]
    public void A_sibling_whose_start_was_ignored_is_started_with_the_rest()
    {
        var simulation = new Simulation(Supervisor.RestForOne("root", Children("a", "b")).Many());
        simulation.Next("b", Simulation.Ignore).Begin().Take();

        simulation.Crash("a");

        Assert.Equal(["start a", "start b"], simulation.Trace);
    }

    private static Simulation Started(params ChildSpec[] children)
    {
        var simulation = new Simulation(Supervisor.RestForOne("root", children).Many()).Begin();
        simulation.Take();
        return simulation;
    }
}
