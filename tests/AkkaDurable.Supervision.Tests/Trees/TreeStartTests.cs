using Akka.Actor;
using AkkaDurable.Supervision.Tests.Support;

namespace AkkaDurable.Supervision.Tests.Trees;

public sealed class TreeStartTests : TreeTest
{
    [Fact]
    public async Task A_tree_is_started_in_order_and_stopped_in_reverse_order()
    {
        var tree = await StartAsync(
            Supervisor.OneForOne("root", [Child("a"), Supervisor.OneForOne("inner", [Child("b"), Child("c")]), Child("d")]),
            "start a", "start b", "start c", "start d");

        var exit = await tree.StopAsyncInTime();

        Assert.Equal((ExitReason.Shutdown, false), (exit.Reason, exit.IsEscalation));
        await Log.ExpectAsync("stop d", "stop c", "stop b", "stop a");
    }

    [Fact]
    public async Task A_child_whose_PreStart_throws_takes_those_before_it_down_again_and_is_named_with_its_path()
    {
        var spec = Supervisor.OneForOne("root", [Child("a"), Supervisor.OneForOne("inner", [Child("b"), Child("c", onStart: FailOnceFrom(1))]), Child("d")]);

        var failure = await Assert.ThrowsAsync<ChildStartException>(() => StartAsync(spec));

        Assert.Equal("inner/c", failure.Path);
        Assert.Equal("no disk", Assert.IsType<InvalidOperationException>(failure.Reason.Exception).Message);
        await Log.ExpectAsync("start a", "start b", "stop b", "stop a");
        Log.ExpectNothing();
    }

    [Fact]
    public async Task A_child_whose_constructor_throws_fails_the_start_with_what_it_threw()
    {
        var failure = await Assert.ThrowsAsync<ChildStartException>(() => StartAsync(Supervisor.OneForOne("root", [ChildSpec.Worker<Unbuildable>()])));

        Assert.Equal((nameof(Unbuildable), "cannot be built"), (failure.Path, Assert.IsType<InvalidOperationException>(failure.Reason.Exception).Message));
    }

    [Fact]
    public async Task A_props_factory_that_throws_fails_the_start()
    {
        var failure = await Assert.ThrowsAsync<ChildStartException>(() =>
            StartAsync(Supervisor.OneForOne("root", [ChildSpec.Worker("a", _ => throw new InvalidOperationException("no props"))])));

        Assert.Equal("no props", failure.Reason.Exception?.Message);
    }

    [Fact]
    public async Task A_child_that_stops_in_PreStart_fails_the_start_with_its_reason()
    {
        var failure = await Assert.ThrowsAsync<ChildStartException>(() =>
            StartAsync(Supervisor.OneForOne("root", [Child("a", onStart: context => context.Stop(ExitReason.Error("no licence")))])));

        Assert.Equal(ExitReason.Error("no licence"), failure.Reason);
    }

    [Fact]
    public async Task A_child_that_has_nothing_to_run_is_passed_over()
    {
        var tree = await StartAsync(Supervisor.OneForOne("root", [Child("a", onStart: context => context.IgnoreStart()), Child("b")]), "start a", "stop a", "start b");

        Assert.Equal([ChildStatus.Stopped, ChildStatus.Running], (await tree.Root.WhichChildrenAsync()).Select(child => child.Status));
    }

    [Fact]
    public async Task A_child_is_started_when_its_asynchronous_PreStart_is_through()
    {
        var gate = new TaskCompletionSource();
        var starting = StartAsync(Supervisor.OneForOne("root", [ChildSpec.Worker<SlowStarter>("slow", gate.Task, Log), Child("b")]));
        await Log.ExpectAsync("slow begins");
        Log.ExpectNothing();

        gate.SetResult();

        await starting;
        await Log.ExpectAsync("slow is ready", "start b");
    }

    [Fact]
    public async Task An_asynchronous_start_is_waited_for()
    {
        var gate = new TaskCompletionSource<ChildStart>();
        var spec = ChildSpec.Start("feed", context =>
        {
            Log.Add($"start {context.Id}");
            return gate.Task;
        });
        var starting = StartAsync(Supervisor.OneForOne("root", [spec, Child("b")]));
        await Log.ExpectAsync("start feed");
        Log.ExpectNothing();

        gate.SetResult(ChildStart.Ok(ChildHandle.Run(_ => Task.CompletedTask.WaitAsync(CancellationToken.None))));

        await starting;
        await Log.ExpectAsync("start b");
    }

    [Fact]
    public async Task A_start_that_is_cancelled_stops_what_has_started()
    {
        using var cancellation = new CancellationTokenSource();
        var spec = ChildSpec.Start("feed", async context =>
        {
            Log.Add("start feed");
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return ChildStart.Ignore;
        });
        var starting = SupervisionTree.StartAsync(System, Supervisor.OneForOne("root", [Child("a"), spec]), Options, cancellation.Token);
        await Log.ExpectAsync("start a", "start feed");

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
        await Log.ExpectAsync("stop a");
    }

    [Fact]
    public async Task Only_supervisors_can_be_roots() =>
        await Assert.ThrowsAsync<ArgumentException>(() => StartAsync(Child("a")));

    [Fact]
    public async Task A_running_tree_is_found_by_its_id_until_it_ends()
    {
        var tree = await StartAsync(Supervisor.OneForOne("root", []));
        Assert.Same(tree, SupervisionTree.Find(System, "root"));
        Assert.Null(SupervisionTree.Find(System, "other"));
    }

    [Fact]
    public async Task Children_are_reached_by_path_and_have_their_ids_as_names()
    {
        var tree = await StartAsync(Supervisor.OneForOne("root", [Supervisor.OneForOne("in ner", [Child("a/b")])]), "start a/b");

        Assert.Equal("/user/root/in%20ner/a%2Fb", tree.Child("in ner", "a/b")?.Path.ToStringWithoutAddress());
        Assert.Equal("pong", await tree.Child("in ner", "a/b")!.Ask<string>("ping"));
        Assert.Same(tree.Child("in ner", "a/b"), tree.Supervisor("in ner").Child("a/b"));
        Assert.Null(tree.Child("in ner", "x"));
        Assert.Null(tree.Child("x", "y"));
    }

    [Fact]
    public async Task Coordinated_shutdown_stops_trees_in_the_reverse_order_of_their_starts()
    {
        await StartAsync(Supervisor.OneForOne("first", [Child("a"), Child("b")]), "start a", "start b");
        await StartAsync(Supervisor.OneForOne("second", [Child("c"), Child("d")]), "start c", "start d");

        await CoordinatedShutdown.Get(System).Run(CoordinatedShutdown.ClrExitReason.Instance);

        await Log.ExpectAsync("stop d", "stop c", "stop b", "stop a");
    }

    private sealed class Unbuildable : UntypedActor
    {
        public Unbuildable() => throw new InvalidOperationException("cannot be built");

        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class SlowStarter(Task gate, Recorder log) : ReceiveActor
    {
        protected override void PreStart() => RunTask(async () =>
        {
            log.Add("slow begins");
            await gate;
            log.Add("slow is ready");
        });
    }
}
