using Akka.Actor;
using AkkaDurable.Supervision.Tests.Support;

namespace AkkaDurable.Supervision.Tests.Trees;

public sealed class LinkAndMonitorTests : TreeTest
{
    [Fact]
    public async Task A_monitor_tells_the_end_once_with_its_reason()
    {
        var (a, b) = await PairAsync();
        Probe.Tell(b, context => context.Monitor(a));

        await Answered(b);
        Probe.Crash(a, "why");

        await Log.ExpectAnyOrderAsync("stop a", "b down error: InvalidOperationException: why");
    }

    [Fact]
    public async Task Two_monitors_of_the_same_actor_tell_twice()
    {
        var (a, b) = await PairAsync();
        Probe.Tell(b, context =>
        {
            context.Monitor(a);
            context.Monitor(a);
        });
        await Answered(b);

        Probe.Tell(a, context => context.Stop(ExitReason.ShutdownBecause("done")));

        await Log.ExpectAnyOrderAsync("stop a", "b down shutdown: done", "b down shutdown: done");
    }

    [Fact]
    public async Task A_monitor_that_was_ended_tells_nothing()
    {
        var (a, b) = await PairAsync();
        Probe.Tell(b, context =>
        {
            var ended = context.Monitor(a);
            context.Monitor(a);
            context.Demonitor(ended);
        });
        await Answered(b);

        Probe.Tell(a, context => context.Stop(context.Self));

        await Log.ExpectAnyOrderAsync("stop a", "b down normal");
        await Answered(b);
        Log.ExpectNothing();
    }

    [Fact]
    public async Task Monitoring_an_actor_that_has_ended_tells_that_it_does_not_run()
    {
        var (a, b) = await PairAsync();
        await a.GracefulStop(TimeSpan.FromSeconds(20));
        await Log.ExpectAsync("stop a");

        Probe.Tell(b, context => context.Monitor(a));

        await Log.ExpectAsync("b down not running");
    }

    [Fact]
    public async Task The_abnormal_end_of_one_ends_the_linked_one_with_the_same_reason()
    {
        var (a, b) = await PairAsync("b");
        Probe.Tell(b, context => context.Link(a));
        await Answered(b);

        Probe.Crash(a, "why");

        await Log.ExpectAnyOrderAsync("stop a", "stop b", "c down error: InvalidOperationException: why");
    }

    [Fact]
    public async Task A_link_holds_in_both_directions()
    {
        var (a, b) = await PairAsync("a");
        Probe.Tell(b, context => context.Link(a));
        await Answered(b);

        Probe.Tell(b, context => context.Stop(ExitReason.Error("b's own")));

        await Log.ExpectAnyOrderAsync("stop b", "stop a", "c down error: b's own");
    }

    [Fact]
    public async Task A_normal_end_leaves_the_linked_one_alone()
    {
        var (a, b) = await PairAsync();
        Probe.Tell(a, context => context.Link(b));
        await Answered(a);

        Probe.Tell(a, context => context.Stop(context.Self));

        await Log.ExpectAsync("stop a");
        await Answered(b);
        Log.ExpectNothing();
    }

    [Fact]
    public async Task An_orderly_shutdown_ends_the_linked_one_too_as_in_OTP()
    {
        var (a, b) = await PairAsync("b");
        Probe.Tell(b, context => context.Link(a));
        await Answered(b);

        Probe.Tell(a, context => context.Stop(ExitReason.Shutdown));

        await Log.ExpectAnyOrderAsync("stop a", "stop b", "c down shutdown");
    }

    [Fact]
    public async Task An_unlinked_one_lives_on()
    {
        var (a, b) = await PairAsync();
        Probe.Tell(b, context =>
        {
            context.Link(a);
            context.Unlink(a);
        });
        await Answered(b);

        Probe.Crash(a);

        await Log.ExpectAsync("stop a");
        await Answered(b);
        Log.ExpectNothing();
    }

    [Fact]
    public async Task Linking_to_one_that_has_ended_ends_oneself()
    {
        var (a, b) = await PairAsync("b");
        await a.GracefulStop(TimeSpan.FromSeconds(20));
        await Log.ExpectAsync("stop a");

        Probe.Tell(b, context => context.Link(a));

        await Log.ExpectAnyOrderAsync("stop b", "c down not running");
    }

    [Fact]
    public async Task Links_go_through_a_chain()
    {
        var (a, b) = await PairAsync();
        var c = SupervisionTree.Find(System, "root")!.Child("c")!;
        Probe.Tell(b, context => context.Link(a));
        await Answered(b);
        Probe.Tell(c, context => context.Link(b));
        await Answered(c);

        Probe.Crash(a);

        await Log.ExpectAnyOrderAsync("stop a", "stop b", "stop c");
    }

    [Fact]
    public async Task Linked_permanent_children_are_restarted_together()
    {
        var tree = await StartAsync(Supervisor.OneForOne("root", [Child("a"), Child("b")]).Many(), "start a", "start b");
        Probe.Tell(tree.Child("b"), context => context.Link(tree.Child("a")!));
        await Answered(tree.Child("b")!);

        Probe.Crash(tree.Child("a"));

        await Log.ExpectAnyOrderAsync("stop a", "start a", "stop b", "start b");
    }

    /// <summary>Two children, and a third that sees with which reason one of them ends.</summary>
    private async Task<(IActorRef A, IActorRef B)> PairAsync(string watched = "")
    {
        var tree = await StartAsync(
            Supervisor.OneForOne("root", [Child("a", Restart.Temporary), Child("b", Restart.Temporary), Child("c", Restart.Temporary)]),
            "start a", "start b", "start c");
        if (watched.Length > 0)
        {
            Probe.Tell(tree.Child("c"), context => context.Monitor(tree.Child(watched)!));
            await Answered(tree.Child("c")!);
        }

        return (tree.Child("a")!, tree.Child("b")!);
    }

    private static async Task Answered(IActorRef actor) => Assert.Equal("pong", await actor.Ask<string>("ping").WaitAsync(TimeSpan.FromSeconds(20)));
}
