using Akka.Actor;
using AkkaDurable.Supervision.Tests.Support;

namespace AkkaDurable.Supervision.Tests.Trees;

public sealed class ShutdownTests : TreeTest, IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly WaitableTime _time = new();
    private readonly ManualResetEventSlim _hang = new();

    public ShutdownTests() => Options = Options with { TimeProvider = _time, KillGrace = Grace };

    public void Dispose() => _hang.Dispose();

    [Fact]
    public async Task A_child_that_hangs_is_killed_after_its_time_and_left_behind_after_the_grace()
    {
        var tree = await HangingAsync(Shutdown.After(Seconds(3)));

        await Passing(tree.StopAsync(), Seconds(3), Grace);

        await Log.ExpectAsync("stop last", "stop first");
        _hang.Set();
        await Log.ExpectAsync("stop hanging");
    }

    [Fact]
    public async Task A_child_is_not_given_up_before_its_time_and_the_grace()
    {
        var tree = await HangingAsync(Shutdown.After(Seconds(3)));

        var stopping = tree.StopAsync();
        await _time.TimerAsync(Seconds(3));
        _time.Advance(TimeSpan.FromMilliseconds(2999));
        await Query(tree);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await _time.TimerAsync(Grace);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        await Query(tree);
        Assert.False(stopping.IsCompleted);

        _time.Advance(TimeSpan.FromMilliseconds(1));
        await stopping.WaitAsync(TimeSpan.FromSeconds(20));
        _hang.Set();
    }

    [Fact]
    public async Task A_brutal_kill_waits_only_for_the_grace()
    {
        var tree = await HangingAsync(Shutdown.BrutalKill);

        await Passing(tree.StopAsync(), Grace);

        await Log.ExpectAsync("stop last", "stop first");
        _hang.Set();
    }

    [Fact]
    public async Task Infinity_waits_as_long_as_it_takes()
    {
        var tree = await HangingAsync(Shutdown.Infinity);

        var stopping = tree.StopAsync();
        await Log.ExpectAsync("stop last");
        _time.Advance(TimeSpan.FromDays(1));
        await Query(tree);
        Assert.False(stopping.IsCompleted);

        _hang.Set();
        await stopping.WaitAsync(TimeSpan.FromSeconds(20));
        await Log.ExpectAsync("stop hanging", "stop first");
    }

    [Fact]
    public async Task A_hanging_child_that_is_left_behind_is_replaced_under_another_name()
    {
        var tree = await HangingAsync(Shutdown.BrutalKill, Supervisor.OneForAll);

        Probe.Crash(tree.Child("first"));
        await Log.ExpectAsync("stop first", "stop last");
        await Passing(Log.ExpectAsync("start first", "start hanging", "start last"), Grace);
        await tree.Root.TerminateChildAsync("no such");

        Assert.StartsWith("hanging~", tree.Child("hanging")!.Path.Name, StringComparison.Ordinal);
        _hang.Set();
        await Log.ExpectAsync("stop hanging");
        Assert.Equal(3, (await tree.Root.CountChildrenAsync()).Active);
    }

    [Fact]
    public async Task A_supervisor_with_a_child_left_behind_ends_for_the_one_above_it()
    {
        var hanging = Child("hanging") with { Shutdown = Shutdown.BrutalKill };
        var tree = await StartAsync(Supervisor.OneForOne("root", [Patient("first"), Supervisor.OneForOne("inner", [hanging])]), "start first", "start hanging");
        Hang(tree.Child("inner", "hanging"));

        await Passing(tree.StopAsync(), Grace);

        await Log.ExpectAsync("stop first");
        _hang.Set();
        await Log.ExpectAsync("stop hanging");
    }

    [Fact]
    public async Task A_child_with_a_stop_message_ends_by_itself()
    {
        var tree = await StartAsync(Supervisor.OneForOne("root", [Child("a") with { StopMessage = "finish" }]), "start a");

        await tree.StopAsyncInTime();

        await Log.ExpectAsync("a finishes", "stop a");
    }

    [Fact]
    public async Task A_child_that_does_not_heed_its_stop_message_is_killed_after_its_time()
    {
        var tree = await StartAsync(Supervisor.OneForOne("root", [Child("a") with { StopMessage = "what?", Shutdown = Shutdown.After(Seconds(2)) }]), "start a");

        await Passing(tree.StopAsync(), Seconds(2));

        await Log.ExpectAsync("stop a");
    }

    [Fact]
    public async Task A_brutal_kill_does_not_send_the_stop_message()
    {
        var tree = await StartAsync(Supervisor.OneForOne("root", [Child("a") with { StopMessage = "finish", Shutdown = Shutdown.BrutalKill }]), "start a");

        await tree.StopAsyncInTime();

        await Log.ExpectAsync("stop a");
    }

    [Fact]
    public async Task Children_of_a_dynamic_supervisor_are_stopped_all_at_once()
    {
        var tree = await StartAsync(Supervisor.Dynamic("root"));
        foreach (var id in new[] { "a", "b", "c" })
        {
            (await tree.Dynamic().StartChildAsync(Child(id) with { Shutdown = Shutdown.After(Seconds(3)) })).OrThrow();
        }

        await Log.ExpectAsync("start a", "start b", "start c");
        foreach (var child in await tree.Dynamic().WhichChildrenAsync())
        {
            Hang(child.Actor);
        }

        // One time and one grace for all three, not three of each.
        var stopping = tree.StopAsync();
        foreach (var time in new[] { Seconds(3), Grace })
        {
            for (var child = 0; child < 3; child++)
            {
                await _time.TimerAsync(time);
            }

            _time.Advance(time);
        }

        await stopping.WaitAsync(Seconds(20));
        _hang.Set();
        await Log.ExpectAnyOrderAsync("stop a", "stop b", "stop c");
    }

    [Fact]
    public async Task A_handle_is_asked_and_then_killed()
    {
        var exited = new TaskCompletionSource<ExitReason>();
        var handle = new ChildHandle(exited.Task, () => Log.Add("asked"), () => Log.Add("killed"));
        var spec = ChildSpec.Start("h", _ => Task.FromResult(ChildStart.Ok(handle))) with { Shutdown = Shutdown.After(Seconds(2)) };
        var tree = await StartAsync(Supervisor.OneForOne("root", [spec]));

        await Passing(tree.StopAsync(), Seconds(2), Grace);

        await Log.ExpectAsync("asked", "killed");
    }

    [Fact]
    public async Task A_handle_whose_start_comes_through_after_the_supervisor_has_ended_is_killed()
    {
        var gate = new TaskCompletionSource<ChildStart>();
        var tree = await StartAsync(Supervisor.OneForOne("root", []));
        _ = tree.Root.StartChildAsync(ChildSpec.Start("h", _ =>
        {
            Log.Add("start h");
            return gate.Task;
        }) with { Shutdown = Shutdown.BrutalKill });
        await Log.ExpectAsync("start h");

        await Passing(tree.StopAsync(), TimeSpan.Zero, Grace);
        gate.SetResult(ChildStart.Ok(new ChildHandle(new TaskCompletionSource<ExitReason>().Task, () => Log.Add("asked"), () => Log.Add("killed"))));

        await Log.ExpectAsync("killed");
    }

    [Fact]
    public async Task An_actor_system_that_terminates_ends_handles_too()
    {
        Options = Options with { ShutdownPhase = null };
        var handle = new ChildHandle(new TaskCompletionSource<ExitReason>().Task, () => Log.Add("asked"), () => Log.Add("killed"));
        var tree = await StartAsync(Supervisor.OneForOne("root", [ChildSpec.Start("h", _ => Task.FromResult(ChildStart.Ok(handle)))]));

        await System.Terminate();

        await Log.ExpectAsync("killed");
        Assert.Equal(ChildError.SupervisorNotRunning, (await tree.Root.RestartChildAsync("h")).Error);
    }

    [Fact]
    public async Task Monitors_are_told_whether_a_child_was_stopped_or_killed()
    {
        var tree = await StartAsync(
            Supervisor.OneForOne("root", [Child("watcher"), Child("a") with { StopMessage = "what?", Shutdown = Shutdown.After(Seconds(2)) }, Child("b") with { Shutdown = Shutdown.BrutalKill }, Patient("c")]),
            "start watcher", "start a", "start b", "start c");
        Probe.Tell(tree.Child("watcher"), context => Array.ForEach(["a", "b", "c"], id => context.Monitor(tree.Child(id)!)));
        await tree.Child("watcher")!.Ask<string>("ping");

        await tree.Root.TerminateChildAsync("c");
        await Log.ExpectAsync("stop c", "watcher down shutdown");
        await tree.Root.TerminateChildAsync("b");
        await _time.TimerAsync(Grace);
        await Log.ExpectAsync("stop b", "watcher down killed");
        await Passing(tree.Root.TerminateChildAsync("a"), Seconds(2));
        await Log.ExpectAsync("stop a", "watcher down killed");
    }

    private async Task<SupervisionTree> HangingAsync(Shutdown shutdown, Func<string, IEnumerable<ChildSpec>, SupervisorSpec>? supervisor = null)
    {
        var tree = await StartAsync(
            (supervisor ?? Supervisor.OneForOne)("root", [Patient("first"), Child("hanging") with { Shutdown = shutdown }, Patient("last")]),
            "start first", "start hanging", "start last");
        Hang(tree.Child("hanging"));
        return tree;
    }

    /// <summary>A child that sets no timer when it is stopped.</summary>
    private ChildSpec Patient(string id) => Child(id) with { Shutdown = Shutdown.Infinity };

    private void Hang(IActorRef? child)
    {
        using var isHanging = new ManualResetEventSlim();
        Probe.Tell(child, _ =>
        {
            isHanging.Set();
            _hang.Wait();
        });
        Assert.True(isHanging.Wait(TimeSpan.FromSeconds(20)));
    }

    private static async Task Query(SupervisionTree tree) => await tree.Root.CountChildrenAsync();

    /// <summary>Does what is waited for when these times have passed, each from when its timer was set.</summary>
    private async Task Passing(Task task, params TimeSpan[] times)
    {
        foreach (var time in times)
        {
            Assert.False(task.IsCompleted);
            await _time.PassAsync(time);
        }

        await task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
