using System.Diagnostics;
using Akka.Actor;
using AkkaDurable.Supervision.Tests.Support;

namespace AkkaDurable.Supervision.Tests.Trees;

public sealed class DynamicSupervisorTests : TreeTest
{
    [Fact]
    public async Task Children_are_started_listed_and_terminated_by_their_actors()
    {
        var dynamic = (await StartAsync(Supervisor.Dynamic("root"))).Dynamic();

        var a = (await dynamic.StartChildAsync(Child("x"))).OrThrow().Child!;
        var b = (await dynamic.StartChildAsync(Child("x"))).OrThrow().Child!;
        await Log.ExpectAsync("start x", "start x");
        Assert.Equal([a, b], (await dynamic.WhichChildrenAsync()).Select(child => child.Actor).OrderBy(child => child!.Path.Name == a.Path.Name ? 0 : 1));

        Assert.True((await dynamic.TerminateChildAsync(a)).IsOk);
        await Log.ExpectAsync("stop x");
        Assert.Equal(ChildError.NotFound, (await dynamic.TerminateChildAsync(a)).Error);
        Assert.Equal(new ChildCounts(1, 1, 0, 1), await dynamic.CountChildrenAsync());
    }

    [Fact]
    public async Task A_child_is_restarted_by_its_own_type()
    {
        var dynamic = (await StartAsync(Supervisor.Dynamic("root"))).Dynamic();
        var permanent = (await dynamic.StartChildAsync(Child("p"))).Child;
        var temporary = (await dynamic.StartChildAsync(Child("t", Restart.Temporary))).Child;
        await Log.ExpectAsync("start p", "start t");

        Probe.Crash(temporary);
        await Log.ExpectAsync("stop t");
        Probe.Crash(permanent);
        await Log.ExpectAsync("stop p", "start p");

        Assert.Equal(["p"], (await dynamic.WhichChildrenAsync()).Select(child => child.Id));
    }

    [Fact]
    public async Task Supervisors_can_be_children_and_are_reached_by_their_actors()
    {
        var dynamic = (await StartAsync(Supervisor.Dynamic("root"))).Dynamic();

        var inner = (await dynamic.StartChildAsync(Supervisor.OneForOne("session", [Child("a"), Child("b")]))).OrThrow();
        await Log.ExpectAsync("start a", "start b");

        Assert.Equal(2, (await SupervisorRef.Of(inner.Child!)!.CountChildrenAsync()).Active);
        Assert.Null(DynamicSupervisor.Of(inner.Child!));
        await dynamic.TerminateChildAsync(inner.Number);
        await Log.ExpectAsync("stop b", "stop a");
    }

    [Fact]
    public async Task A_supervisor_that_does_not_start_is_told_with_its_child()
    {
        var dynamic = (await StartAsync(Supervisor.Dynamic("root"))).Dynamic();

        var failed = await dynamic.StartChildAsync(Supervisor.OneForOne("session", [Child("a", onStart: FailOnceFrom(1))]));

        Assert.Equal((ChildError.StartFailed, "a"), (failed.Error, Assert.IsType<ChildStartException>(failed.Reason?.Exception).Path));
        Assert.Equal(0, (await dynamic.CountChildrenAsync()).Specs);
    }

    [Fact]
    public async Task A_simple_supervisor_makes_its_children_from_arguments()
    {
        var dynamic = (await StartAsync(Supervisor.Simple<string>("root", name => Child(name)))).Dynamic();

        await dynamic.StartChildAsync((object)"ann");
        await dynamic.StartChildAsync((object)"bob");

        await Log.ExpectAsync("start ann", "start bob");
        await Assert.ThrowsAsync<InvalidCastException>(() => dynamic.StartChildAsync((object)7));
    }

    [Fact]
    public async Task Only_a_simple_supervisor_takes_arguments()
    {
        var dynamic = (await StartAsync(Supervisor.Dynamic("root"))).Dynamic();

        await Assert.ThrowsAsync<InvalidOperationException>(() => dynamic.StartChildAsync((object)"ann"));
    }

    [Fact]
    public async Task More_than_the_most_children_are_refused()
    {
        var dynamic = (await StartAsync(Supervisor.Dynamic("root") with { MaxChildren = 1 })).Dynamic();
        await dynamic.StartChildAsync(Child("a"));

        Assert.Equal(ChildError.MaxChildren, (await dynamic.StartChildAsync(Child("b"))).Error);
    }

    [Fact]
    public async Task Short_lived_temporary_children_leave_no_memory_behind()
    {
        var tree = await StartAsync(Supervisor.Dynamic("root"));
        var dynamic = tree.Dynamic();
        var spec = ChildSpec.Worker("short", Props.Create<ShortLived>()) with { Restart = Restart.Temporary };
        await RunAsync(2_000);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var count = Environment.GetEnvironmentVariable("AKKADURABLE_SLOW") == "1" ? 1_000_000 : 20_000;
        await RunAsync(count);

        Assert.Equal(0, (await dynamic.CountChildrenAsync()).Specs);
        var after = GC.GetTotalMemory(forceFullCollection: true);
        Assert.True(after - before < 2_000_000, $"{before:N0} bytes before, {after:N0} after {count:N0} children");

        async Task RunAsync(int total)
        {
            for (var started = 0; started < total; started += 500)
            {
                var children = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => dynamic.StartChildAsync(spec)));
                await Task.WhenAll(children.Select(child => dynamic.TerminateChildAsync(child.Number)));
            }
        }
    }

    [Fact]
    public async Task Ten_thousand_children_are_started_and_stopped_in_seconds()
    {
        var tree = await StartAsync(Supervisor.Dynamic("root"));
        var spec = ChildSpec.Worker("child", Props.Create<ShortLived>());
        var clock = Stopwatch.StartNew();

        await Task.WhenAll(Enumerable.Range(0, 10_000).Select(_ => tree.Dynamic().StartChildAsync(spec)));
        Assert.Equal(10_000, (await tree.Dynamic().CountChildrenAsync()).Active);
        await tree.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"took {clock.Elapsed}");
    }

    [Fact]
    public async Task Partitions_divide_keys_and_are_restarted_one_by_one()
    {
        var tree = await StartAsync(Supervisor.Partitioned("root", Child("worker"), 4, (child, number) => Child($"{child.Id}{number}")), "start worker0", "start worker1", "start worker2", "start worker3");
        var partitions = tree.Partitions();

        Assert.Equal(4, partitions.Count);
        Assert.Same(tree.Child("2"), partitions.For(6));
        Assert.Same(partitions.For("user-7"), partitions.For("user-7"));

        Probe.Crash(partitions.For(1));
        await Log.ExpectAsync("stop worker1", "start worker1");
    }

    [Fact]
    public async Task Partitions_can_be_dynamic_supervisors()
    {
        var tree = await StartAsync(Supervisor.OneForOne("root", [Supervisor.Partitioned("sessions", Supervisor.Dynamic("part"), 3)]));
        var sessions = tree.Partitions("sessions");

        for (var key = 0; key < 9; key++)
        {
            (await sessions.Dynamic(key).StartChildAsync(Child($"{key}"))).OrThrow();
        }

        Assert.Equal(3, (await tree.Dynamic("sessions", "1").CountChildrenAsync()).Active);
    }

    [Fact]
    public async Task Partitions_are_taken_out_of_use_and_back()
    {
        var tree = await StartAsync(Supervisor.Partitioned("root", Child("w"), 3), "start w", "start w", "start w");
        var partitions = tree.Partitions();

        Assert.Equal(3, await partitions.ResizeAsync(1));
        await Log.ExpectAsync("stop w", "stop w");
        Assert.Same(tree.Child("0"), partitions.For(2));

        Assert.Equal(1, await partitions.ResizeAsync(3));
        await Log.ExpectAsync("start w", "start w");
        Assert.Same(tree.Child("2"), partitions.For(2));

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => partitions.ResizeAsync(4));
        await partitions.ResizeAsync(0);
        Assert.Throws<InvalidOperationException>(() => partitions.For(1));
    }

    private sealed class ShortLived : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }
}
