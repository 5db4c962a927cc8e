using Akka.Actor;
using AkkaDurable.Supervision.Tests.Support;

namespace AkkaDurable.Supervision.Tests.Trees;

public sealed class RestartTests : TreeTest
{
    [Fact]
    public async Task A_restarted_child_is_another_actor_with_the_same_path()
    {
        var tree = await StartAsync(Supervisor.OneForOne("root", [Child("a"), Child("b")]), "start a", "start b");
        var before = tree.Child("a")!;

        Probe.Crash(before);

        await Log.ExpectAsync("stop a", "start a");
        await tree.Root.TerminateChildAsync("b");
        var after = tree.Child("a")!;
        Assert.NotEqual(before, after);
        Assert.Equal(before.Path.ToString(), after.Path.ToString());
        Assert.Equal("pong", await System.ActorSelection("/user/root/a").Ask<string>("ping"));
    }

    [Fact]
    public async Task One_for_all_restarts_all()
    {
        var tree = await StartAsync(Supervisor.OneForAll("root", [Child("a"), Child("b"), Child("c")]), "start a", "start b", "start c");

        Probe.Crash(tree.Child("b"));

        await Log.ExpectAsync("stop b", "stop c", "stop a", "start a", "start b", "start c");
    }

    [Fact]
    public async Task Rest_for_one_restarts_the_rest_and_its_subtrees()
    {
        var tree = await StartAsync(
            Supervisor.RestForOne("root", [Child("database"), Child("feed"), Supervisor.OneForOne("users", [Child("x"), Child("y")])]),
            "start database", "start feed", "start x", "start y");

        Probe.Crash(tree.Child("feed"));

        await Log.ExpectAsync("stop feed", "stop y", "stop x", "start feed", "start x", "start y");
    }

    [Fact]
    public async Task Several_children_that_fail_at_once_are_all_restarted()
    {
        var tree = await StartAsync(Supervisor.OneForOne("root", [Child("a"), Child("b"), Child("c")]).Many(), "start a", "start b", "start c");

        foreach (var id in new[] { "a", "b", "c" })
        {
            Probe.Crash(tree.Child(id));
        }

        await Log.ExpectAnyOrderAsync("stop a", "stop b", "stop c", "start a", "start b", "start c");
        Assert.Equal(3, (await tree.Root.WhichChildrenAsync()).Count);
    }

    [Fact]
    public async Task The_next_run_of_a_child_can_be_waited_for_also_below_a_supervisor_that_is_restarted()
    {
        var none = new RestartIntensity(0, TimeSpan.FromSeconds(5));
        var tree = await StartAsync(Supervisor.OneForOne("root", [Supervisor.OneForOne("inner", [Child("a")]) with { Intensity = none }]), "start a");
        var before = await tree.WhenRunningAsync(["inner", "a"]);

        var next = tree.WhenRunningAsync(["inner", "a"], after: before);
        Assert.False(next.IsCompleted);
        Probe.Crash(before);

        Assert.Equal(before.Path.ToString(), (await next.WaitAsync(TimeSpan.FromSeconds(20))).Path.ToString());
        var never = tree.WhenRunningAsync(["no such"]);
        await tree.StopAsyncInTime();
        await Assert.ThrowsAsync<SupervisorRequestException>(() => never.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task A_restart_whose_start_fails_is_tried_again()
    {
        var tree = await StartAsync(Supervisor.OneForOne("root", [Child("a", onStart: FailOnceFrom(2))]), "start a");

        Probe.Crash(tree.Child("a"));

        await Log.ExpectAsync("stop a", "start a");
    }

    [Fact]
    public async Task Too_many_restarts_escalate_through_three_levels_to_the_root_handler()
    {
        var exits = new TaskCompletionSource<RootExit>();
        Options = Options with { OnRootExit = (exit, _) => exits.SetResult(exit) };
        var none = new RestartIntensity(0, TimeSpan.FromSeconds(5));
        var tree = await StartAsync(
            Supervisor.OneForOne("root", [Child("before"), Supervisor.OneForOne("middle", [Supervisor.OneForOne("inner", [Child("a"), Child("b")]) with { Intensity = none }]) with { Intensity = none }]) with { Intensity = none },
            "start before", "start a", "start b");

        Probe.Crash(tree.Child("middle", "inner", "a"));

        await Log.ExpectAsync("stop a", "stop b", "stop before");
        var exit = await exits.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(("root", ExitReason.Shutdown, true), (exit.Spec.Id, exit.Reason, exit.IsEscalation));
        Assert.Null(SupervisionTree.Find(System, "root"));
    }

    [Fact]
    public async Task A_supervisor_that_gave_up_is_restarted_with_all_its_children()
    {
        var tree = await StartAsync(
            Supervisor.OneForOne("root", [Supervisor.OneForOne("inner", [Child("a"), Child("b")]) with { Intensity = new(0, TimeSpan.FromSeconds(5)) }]),
            "start a", "start b");

        Probe.Crash(tree.Child("inner", "a"));

        await Log.ExpectAsync("stop a", "stop b", "start a", "start b");
        var inner = Assert.Single(await tree.Root.WhichChildrenAsync());
        Assert.Equal((1, ChildStatus.Running), (inner.Restarts, inner.Status));
    }

    [Fact]
    public async Task A_transient_supervisor_that_gave_up_is_not_restarted_since_it_ends_with_shutdown()
    {
        var tree = await StartAsync(
            Supervisor.OneForOne("root", [Child("before"), Supervisor.OneForOne("inner", [Child("a")]) with { Restart = Restart.Transient, Intensity = new(0, TimeSpan.FromSeconds(5)) }]),
            "start before", "start a");
        Probe.Tell(tree.Child("before"), context => context.Monitor(tree.Child("inner")!));
        await tree.Child("before")!.Ask<string>("ping");

        Probe.Crash(tree.Child("inner", "a"));

        await Log.ExpectAsync("stop a", "before down shutdown");
        Assert.Equal(ChildError.SupervisorNotRunning, (await tree.Supervisor("inner").TerminateChildAsync("a")).Error);
        Assert.Equal(ChildStatus.Stopped, (await tree.Root.WhichChildrenAsync())[1].Status);
    }

    [Fact]
    public async Task The_default_root_handler_terminates_the_actor_system_and_sets_the_exit_code()
    {
        Options = new SupervisionOptions();
        var tree = await StartAsync(Supervisor.OneForOne("root", [Child("a")]) with { Intensity = new(0, TimeSpan.FromSeconds(5)) }, "start a");
        try
        {
            Probe.Crash(tree.Child("a"));

            await System.WhenTerminated.WaitAsync(TimeSpan.FromSeconds(20));
            Assert.Equal(1, Environment.ExitCode);
            Assert.Equal("a supervision tree gave up", CoordinatedShutdown.Get(System).ShutdownReason.ToString());
        }
        finally
        {
            Environment.ExitCode = 0;
        }
    }

    [Fact]
    public async Task A_root_that_ends_by_automatic_shutdown_leaves_the_actor_system_alone()
    {
        var handled = new TaskCompletionSource();
        Options = new SupervisionOptions
        {
            OnRootExit = (exit, system) =>
            {
                RootExit.EndTheSystem(exit, system);
                handled.SetResult();
            },
        };
        var tree = await StartAsync(
            Supervisor.OneForOne("root", [Child("a"), Child("b", Restart.Transient) with { Significant = true }]) with { AutoShutdown = AutoShutdown.AnySignificant },
            "start a", "start b");

        Probe.Tell(tree.Child("b"), context => context.Stop(context.Self));

        await Log.ExpectAsync("stop b", "stop a");
        await handled.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Null(CoordinatedShutdown.Get(System).ShutdownReason);
        Assert.False(System.WhenTerminated.IsCompleted);
    }

    [Fact]
    public async Task An_automatic_shutdown_below_escalates_as_a_shutdown_and_a_permanent_supervisor_is_restarted()
    {
        var tree = await StartAsync(
            Supervisor.OneForOne("root", [Supervisor.OneForOne("inner", [Child("a"), Child("b", Restart.Transient) with { Significant = true }]) with { AutoShutdown = AutoShutdown.AllSignificant }]),
            "start a", "start b");

        Probe.Tell(tree.Child("inner", "b"), context => context.Stop(context.Self));

        await Log.ExpectAsync("stop b", "stop a", "start a", "start b");
    }
}
