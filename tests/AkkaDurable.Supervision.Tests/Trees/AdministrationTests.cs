using Akka.Actor;
using AkkaDurable.Supervision.Tests.Support;

namespace AkkaDurable.Supervision.Tests.Trees;

public sealed class AdministrationTests : TreeTest
{
    [Fact]
    public async Task A_child_is_started_terminated_restarted_and_deleted()
    {
        var root = (await StartAsync(Supervisor.OneForOne("root", [Child("a")]), "start a")).Root;

        var started = await root.StartChildAsync(Child("b"));
        await Log.ExpectAsync("start b");
        Assert.Equal("pong", await started.OrThrow().Child!.Ask<string>("ping"));

        Assert.True((await root.TerminateChildAsync("b")).IsOk);
        await Log.ExpectAsync("stop b");
        Assert.Null(root.Child("b"));

        Assert.NotEqual(started.Child, (await root.RestartChildAsync("b")).OrThrow().Child);
        await Log.ExpectAsync("start b");

        await root.TerminateChildAsync("b");
        Assert.True((await root.DeleteChildAsync("b")).IsOk);
        Assert.Null(await root.GetChildSpecAsync("b"));
    }

    [Fact]
    public async Task A_child_that_runs_is_told_with_the_refusal()
    {
        var root = (await StartAsync(Supervisor.OneForOne("root", [Child("a")]), "start a")).Root;

        var refused = await root.StartChildAsync(Child("a"));

        Assert.Equal((ChildError.AlreadyStarted, root.Child("a")), (refused.Error, refused.Child));
        Assert.Equal("AlreadyStarted", Assert.Throws<SupervisorRequestException>(refused.OrThrow).Message);
    }

    [Fact]
    public async Task A_start_that_fails_is_told_with_what_was_thrown()
    {
        var root = (await StartAsync(Supervisor.OneForOne("root", []))).Root;

        var failed = await root.StartChildAsync(Child("a", onStart: FailOnceFrom(1)));

        Assert.Equal((ChildError.StartFailed, "no disk"), (failed.Error, failed.Reason?.Exception?.Message));
        Assert.Equal("no disk", Assert.Throws<SupervisorRequestException>(failed.OrThrow).InnerException?.Message);
        Assert.Empty(await root.WhichChildrenAsync());
    }

    [Fact]
    public async Task A_spec_that_is_wrong_is_refused_with_its_field()
    {
        var root = (await StartAsync(Supervisor.OneForOne("root", []))).Root;

        var refused = await root.StartChildAsync(Child("a") with { Shutdown = Shutdown.After(TimeSpan.FromSeconds(-1)) });

        Assert.Equal(ChildError.InvalidSpec, refused.Error);
        Assert.Equal("Shutdown", Assert.IsType<InvalidChildSpecException>(refused.Reason?.Exception).Field);
    }

    [Fact]
    public async Task Children_are_listed_in_start_order_with_what_they_do()
    {
        var root = (await StartAsync(
            Supervisor.OneForOne("root", [Child("a"), Supervisor.Dynamic("d"), Child("c", Restart.Transient)]), "start a", "start c")).Root;
        await root.TerminateChildAsync("c");

        var children = await root.WhichChildrenAsync();

        Assert.Equal(["a", "d", "c"], children.Select(child => child.Id));
        Assert.Equal([ChildType.Worker, ChildType.Supervisor, ChildType.Worker], children.Select(child => child.Type));
        Assert.Equal([ChildStatus.Running, ChildStatus.Running, ChildStatus.Stopped], children.Select(child => child.Status));
        Assert.Equal([false, false, true], children.Select(child => child.Actor is null));
        Assert.Equal(Restart.Transient, (await root.GetChildSpecAsync("c"))?.Restart);
    }

    [Fact]
    public async Task Counts_are_of_specs_active_children_supervisors_and_workers()
    {
        var root = (await StartAsync(Supervisor.OneForOne("root", [Child("a"), Child("b"), Supervisor.OneForOne("s", []), Supervisor.Dynamic("d")]), "start a", "start b")).Root;
        await root.TerminateChildAsync("b");
        await root.TerminateChildAsync("d");

        Assert.Equal(new ChildCounts(4, 2, 2, 2), await root.CountChildrenAsync());
    }

    [Fact]
    public async Task A_child_finds_its_supervisor()
    {
        var tree = await StartAsync(Supervisor.OneForOne("root", [Child("a")]), "start a");
        var counted = new TaskCompletionSource<ChildCounts>();

        Probe.Tell(tree.Child("a"), context => _ = Count(SupervisorRef.Of(context.Parent)!));

        Assert.Equal(1, (await counted.Task.WaitAsync(TimeSpan.FromSeconds(20))).Active);
        Assert.Null(SupervisorRef.Of(tree.Child("a")!));

        async Task Count(SupervisorRef supervisor) => counted.SetResult(await supervisor.CountChildrenAsync());
    }

    [Fact]
    public async Task A_supervisor_that_has_ended_answers_that_it_does_not_run()
    {
        var tree = await StartAsync(Supervisor.OneForOne("root", [Child("a")]), "start a");
        await tree.StopAsyncInTime();

        Assert.Equal(ChildError.SupervisorNotRunning, (await tree.Root.StartChildAsync(Child("b"))).Error);
        Assert.Equal(ChildError.SupervisorNotRunning, (await tree.Supervisor("no", "such").DeleteChildAsync("b")).Error);
        await Assert.ThrowsAsync<SupervisorRequestException>(() => tree.Root.CountChildrenAsync());
        await Assert.ThrowsAsync<SupervisorRequestException>(() => tree.SnapshotAsync());
    }

    [Fact]
    public async Task A_request_under_way_when_the_supervisor_is_killed_is_answered()
    {
        var gate = new TaskCompletionSource<ChildStart>();
        var tree = await StartAsync(Supervisor.OneForOne("root", [Child("a")]), "start a");
        var request = tree.Root.StartChildAsync(ChildSpec.Start("slow", _ => gate.Task));
        var behind = tree.Root.TerminateChildAsync("a");

        System.Stop(tree.Actor);

        Assert.Equal(ChildError.SupervisorNotRunning, (await request.WaitAsync(TimeSpan.FromSeconds(20))).Error);
        Assert.Equal(ChildError.SupervisorNotRunning, (await behind.WaitAsync(TimeSpan.FromSeconds(20))).Error);
    }

    [Fact]
    public async Task A_tree_is_text()
    {
        var spec = Supervisor.OneForOne("shop",
        [
            Child("feed"),
            Supervisor.RestForOne("checkout", [Child("payments"), Child("receipts", Restart.Transient)]) with { Intensity = new(1, TimeSpan.FromSeconds(60)) },
            Supervisor.Dynamic("carts"),
            Supervisor.Tasks("jobs"),
            Supervisor.Partitioned("sessions", Supervisor.Dynamic("part"), 2),
        ]);

        Assert.Equal(
            """
            shop (one for one, 3 in 5 s)
            ├─ feed (worker)
            ├─ checkout (rest for one, 1 in 60 s)
            │  ├─ payments (worker)
            │  └─ receipts (worker, transient)
            ├─ carts (dynamic, 3 in 5 s)
            ├─ jobs (tasks, 3 in 5 s)
            └─ sessions (2 partitions, 3 in 5 s)
               ├─ 0 (dynamic, 3 in 5 s)
               └─ 1 (dynamic, 3 in 5 s)
            """.ReplaceLineEndings("\n"),
            spec.ToString());
        Assert.Equal(spec.ToString(), (await StartAsync(spec)).ToString());
    }

    [Fact]
    public async Task A_live_tree_is_text_with_states_and_restarts()
    {
        var tree = await StartAsync(
            Supervisor.OneForOne("shop", [Child("feed"), Supervisor.OneForAll("checkout", [Child("payments"), Child("receipts", Restart.Transient)]), Supervisor.Dynamic("carts")]),
            "start feed", "start payments", "start receipts");
        Probe.Crash(tree.Child("feed"));
        await Log.ExpectAsync("stop feed", "start feed");
        await tree.Supervisor("checkout").TerminateChildAsync("receipts");
        await tree.Dynamic("carts").StartChildAsync(Child("cart"));

        Assert.Equal(
            """
            shop (one for one, 3 in 5 s; running, 3 children, 3 active)
            ├─ feed (worker; running, 1 restart)
            ├─ checkout (one for all, 3 in 5 s; running, 2 children, 1 active)
            │  ├─ payments (worker; running)
            │  └─ receipts (worker, transient; stopped)
            └─ carts (dynamic, 3 in 5 s; running, 1 child, 1 active)
            """.ReplaceLineEndings("\n"),
            (await tree.SnapshotAsync()).ToString());
    }
}
