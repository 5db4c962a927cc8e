using AkkaDurable.Supervision.Tests.Support;
using static AkkaDurable.Supervision.Tests.Support.Specs;

namespace AkkaDurable.Supervision.Tests.State;

public sealed class ExitAndRestartTests
{
    private static readonly Dictionary<string, ExitReason> Reasons = new()
    {
        ["normal"] = ExitReason.Normal,
        ["shutdown"] = ExitReason.Shutdown,
        ["shutdown with a word"] = ExitReason.ShutdownBecause("done"),
        ["error"] = ExitReason.Error(new InvalidOperationException("crash")),
        ["killed"] = ExitReason.Killed,
        ["not running"] = ExitReason.NotRunning,
    };

    [Theory]
    [InlineData(Restart.Permanent, "normal", true)]
    [InlineData(Restart.Permanent, "shutdown", true)]
    [InlineData(Restart.Permanent, "shutdown with a word", true)]
    [InlineData(Restart.Permanent, "error", true)]
    [InlineData(Restart.Permanent, "killed", true)]
    [InlineData(Restart.Permanent, "not running", true)]
    [InlineData(Restart.Transient, "normal", false)]
    [InlineData(Restart.Transient, "shutdown", false)]
    [InlineData(Restart.Transient, "shutdown with a word", false)]
    [InlineData(Restart.Transient, "error", true)]
    [InlineData(Restart.Transient, "killed", true)]
    [InlineData(Restart.Transient, "not running", true)]
    [InlineData(Restart.Temporary, "normal", false)]
    [InlineData(Restart.Temporary, "shutdown", false)]
    [InlineData(Restart.Temporary, "shutdown with a word", false)]
    [InlineData(Restart.Temporary, "error", false)]
    [InlineData(Restart.Temporary, "killed", false)]
    [InlineData(Restart.Temporary, "not running", false)]
    public void A_child_is_restarted_by_its_type_and_its_exit_reason(Restart restart, string reason, bool isRestarted)
    {
        var simulation = new Simulation(Supervisor.OneForOne("root", [Child("a"), Child("b", restart)])).Begin();
        simulation.Take();

        simulation.Exit("b", Reasons[reason]);

        Assert.Equal(isRestarted ? ["start b"] : [], simulation.Trace);
        Assert.Equal(isRestarted, simulation.IsRunning("b"));
        Assert.Equal(restart != Restart.Temporary, simulation.Children.Any(child => child.Spec.Id == "b"));
    }

    [Theory]
    [InlineData(Restart.Permanent, "normal", true)]
    [InlineData(Restart.Permanent, "shutdown", true)]
    [InlineData(Restart.Permanent, "error", true)]
    [InlineData(Restart.Transient, "normal", false)]
    [InlineData(Restart.Transient, "shutdown", false)]
    [InlineData(Restart.Transient, "error", true)]
    [InlineData(Restart.Temporary, "normal", false)]
    [InlineData(Restart.Temporary, "shutdown", false)]
    [InlineData(Restart.Temporary, "error", true)]
    public void An_end_is_reported_when_it_is_abnormal_or_the_child_is_permanent(Restart restart, string reason, bool isReported)
    {
        var simulation = new Simulation(Supervisor.OneForOne("root", [Child("a", restart)])).Begin();

        simulation.Exit("a", Reasons[reason]);

        Assert.Equal(isReported ? [$"ChildTerminated a {Reasons[reason]}"] : [], simulation.Reports);
    }

    [Fact]
    public void A_transient_child_that_ended_normally_can_be_restarted_by_hand()
    {
        var simulation = new Simulation(Supervisor.OneForOne("root", [Child("a", Restart.Transient)])).Begin().Exit("a", ExitReason.Normal);
        simulation.Take();

        simulation.Request("restart", "a");

        Assert.Equal(["start a", "reply restart None"], simulation.Trace);
    }

    [Fact]
    public void A_temporary_child_that_ended_cannot_be_restarted_by_hand()
    {
        var simulation = new Simulation(Supervisor.OneForOne("root", [Child("a", Restart.Temporary)])).Begin().Exit("a", ExitReason.Normal);
        simulation.Take();

        simulation.Request("restart", "a");

        Assert.Equal(["reply restart NotFound"], simulation.Trace);
    }

    [Fact]
    public void Restarts_are_counted_by_child()
    {
        var simulation = new Simulation(Supervisor.OneForOne("root", Children("a", "b"))).Begin().Crash("b").Crash("b");

        Assert.Equal([0, 2], simulation.Children.Select(child => child.Restarts));
    }

    /// <summary>What a child that was told to end may end with, else it is reported: by restart type, shutdown and reason.</summary>
    [Theory]
    [InlineData(Restart.Permanent, false, "shutdown", true)]
    [InlineData(Restart.Permanent, false, "shutdown with a word", false)]
    [InlineData(Restart.Permanent, false, "normal", false)]
    [InlineData(Restart.Permanent, false, "killed", false)]
    [InlineData(Restart.Permanent, false, "error", false)]
    [InlineData(Restart.Transient, false, "shutdown", true)]
    [InlineData(Restart.Transient, false, "shutdown with a word", true)]
    [InlineData(Restart.Transient, false, "normal", true)]
    [InlineData(Restart.Transient, false, "killed", false)]
    [InlineData(Restart.Transient, false, "error", false)]
    [InlineData(Restart.Permanent, true, "killed", true)]
    [InlineData(Restart.Permanent, true, "shutdown", false)]
    [InlineData(Restart.Permanent, true, "shutdown with a word", false)]
    [InlineData(Restart.Permanent, true, "normal", false)]
    [InlineData(Restart.Transient, true, "killed", true)]
    [InlineData(Restart.Transient, true, "shutdown", true)]
    [InlineData(Restart.Transient, true, "shutdown with a word", true)]
    [InlineData(Restart.Transient, true, "normal", true)]
    [InlineData(Restart.Transient, true, "error", false)]
    public void A_child_that_ends_with_another_reason_than_it_was_told_is_reported(Restart restart, bool isBrutal, string reason, bool isFine)
    {
        var child = Child("a", restart) with { Shutdown = isBrutal ? Shutdown.BrutalKill : Shutdown.Infinity };
        var simulation = new Simulation(Supervisor.OneForOne("root", [child])).Begin().Hold("a").Request("terminate", "a");

        simulation.Release("a", Reasons[reason]);

        Assert.Equal(isFine ? [] : [$"ShutdownError a {Reasons[reason]}"], simulation.Reports);
        Assert.Equal("reply terminate None", simulation.Trace[^1]);
    }
}
