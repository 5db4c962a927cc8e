using AkkaDurable.Supervision.Tests.Support;
using static AkkaDurable.Supervision.Tests.Support.Specs;

namespace AkkaDurable.Supervision.Tests.State;

public sealed class OneForOneTests
{
    private readonly Simulation _abc = new Simulation(Supervisor.OneForOne("root", Children("a", "b", "c")).Many()).Begin();

    public OneForOneTests() => _abc.Take();

    [Fact]
    public void Only_the_child_that_ended_is_restarted()
    {
        _abc.Crash("b");

        Assert.Equal(["start b"], _abc.Trace);
    }

    [Fact]
    public void Several_that_end_at_once_are_restarted_in_the_order_of_their_ends()
    {
        _abc.Hold("c").Crash("c");
        _abc.Crash("b").Crash("a");
        Assert.Equal(["start c"], _abc.Take());

        _abc.Release("c");
        Assert.Equal(["start b", "start a"], _abc.Trace);
    }

    [Fact]
    public void A_failed_restart_is_tried_again()
    {
        _abc.Next("b", ExitReason.Error("x"), ExitReason.Error("y"), null).Crash("b");

        Assert.Equal(["start b", "start b", "start b"], _abc.Trace);
        Assert.Equal(["ChildTerminated b error: crash", "StartError b error: x", "StartError b error: y"], _abc.Reports);
        Assert.True(_abc.IsRunning("b"));
    }

    [Fact]
    public void Between_attempts_the_supervisor_listens()
    {
        _abc.Next("b", ExitReason.Error("x"));
        _abc.Before = _ =>
        {
            _abc.Before = null;
            _abc.Request("restart", "b").Request("delete", "b").Request("terminate", "b");
        };
        _abc.Crash("b");

        Assert.Equal(["start b", "reply restart Restarting", "reply delete Restarting", "reply terminate None"], _abc.Trace);
        Assert.False(_abc.IsRunning("b"));
    }

    [Fact]
    public void A_restart_that_is_ignored_leaves_the_child_stopped()
    {
        _abc.Next("b", Simulation.Ignore).Crash("b");

        Assert.Equal(["start b"], _abc.Trace);
        Assert.Equal(ChildStatus.Stopped, _abc.Children.ElementAt(1).Status);
    }

    [Fact]
    public void A_child_that_ends_right_after_its_restart_is_restarted_again()
    {
        for (var i = 0; i < 10; i++)
        {
            _abc.Crash("a");
        }

        Assert.Equal(10, _abc.Trace.Count(entry => entry == "start a"));
    }

    [Fact]
    public void The_start_order_stays_when_children_are_restarted()
    {
        _abc.Crash("a").Crash("b").Stop();

        Assert.Equal(["start a", "start b", "stop c", "stop b", "stop a", "end shutdown"], _abc.Trace);
    }
}
