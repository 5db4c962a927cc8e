using AkkaDurable.Supervision.Tests.Support;
using static AkkaDurable.Supervision.Tests.Support.Specs;

namespace AkkaDurable.Supervision.Tests.State;

public sealed class AutoShutdownTests
{
    [Theory]
    [InlineData(Restart.Transient, false, true)]
    [InlineData(Restart.Transient, true, false)]
    [InlineData(Restart.Temporary, false, true)]
    [InlineData(Restart.Temporary, true, true)]
    public void Any_significant_child_that_ends_for_good_ends_the_supervisor(Restart restart, bool isAbnormal, bool ends)
    {
        var simulation = Started(AutoShutdown.AnySignificant, Child("a"), Child("b", restart, significant: true), Child("c"));

        simulation.Exit("b", isAbnormal ? ExitReason.Error("x") : ExitReason.Normal);

        Assert.Equal(ends ? ["stop c", "stop a", "end shutdown"] : ["start b"], simulation.Trace);
    }

    [Fact]
    public void A_child_that_is_not_significant_ends_nothing()
    {
        var simulation = Started(AutoShutdown.AnySignificant, Child("a", Restart.Temporary, significant: true), Child("b", Restart.Temporary));

        simulation.Exit("b", ExitReason.Normal);

        Assert.Empty(simulation.Trace);
    }

    [Fact]
    public void The_last_significant_child_ends_the_supervisor_when_all_have_to()
    {
        var simulation = Started(AutoShutdown.AllSignificant, Child("a", Restart.Transient, significant: true), Child("b"), Child("c", Restart.Temporary, significant: true));

        simulation.Exit("a", ExitReason.Normal);
        Assert.Empty(simulation.Take());

        simulation.Exit("c", ExitReason.Normal);
        Assert.Equal(["stop b", "end shutdown"], simulation.Trace);
    }

    [Fact]
    public void A_significant_child_whose_start_was_ignored_is_not_waited_for()
    {
        var simulation = new Simulation(Supervisor.OneForOne("root", [Child("a", Restart.Transient, significant: true), Child("b", Restart.Transient, significant: true)]) with { AutoShutdown = AutoShutdown.AllSignificant });
        simulation.Next("a", Simulation.Ignore).Begin().Take();

        simulation.Exit("b", ExitReason.Normal);

        Assert.Equal(["end shutdown"], simulation.Trace);
    }

    [Fact]
    public void A_significant_child_that_is_about_to_be_restarted_is_waited_for()
    {
        var simulation = Started(AutoShutdown.AllSignificant, Child("a", Restart.Transient, significant: true), Child("b", Restart.Transient, significant: true));
        simulation.Next("a", ExitReason.Error("x"), null);
        simulation.Before = _ =>
        {
            simulation.Before = null;
            simulation.Exit("b", ExitReason.Normal);
        };

        simulation.Crash("a");

        Assert.Equal(["start a", "start a"], simulation.Trace);
    }

    [Fact]
    public void Terminating_a_significant_child_by_hand_ends_nothing()
    {
        var simulation = Started(AutoShutdown.AnySignificant, Child("a", Restart.Transient, significant: true));

        simulation.Request("terminate", "a");

        Assert.Equal(["stop a", "reply terminate None"], simulation.Trace);
    }

    [Fact]
    public void A_significant_child_that_ends_with_its_siblings_restart_ends_nothing()
    {
        var simulation = new Simulation(Supervisor.OneForAll("root", [Child("a"), Child("b", Restart.Temporary, significant: true)]) with { AutoShutdown = AutoShutdown.AnySignificant }).Begin();
        simulation.Take();

        simulation.Crash("a");

        Assert.Equal(["stop b", "start a"], simulation.Trace);
    }

    private static Simulation Started(AutoShutdown auto, params ChildSpec[] children)
    {
        var simulation = new Simulation(Supervisor.OneForOne("root", children) with { AutoShutdown = auto }).Begin();
        simulation.Take();
        return simulation;
    }
}
