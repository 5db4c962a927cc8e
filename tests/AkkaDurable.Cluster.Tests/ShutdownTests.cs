using System.Diagnostics;
using Akka.Actor;
using AkkaDurable.Placement;
using AkkaDurable.Storage;
using Xunit.Abstractions;

namespace AkkaDurable.Cluster.Tests;

/// <summary>A node that stops in order, within its budget.</summary>
[Collection(Alone.Name)]
public sealed class ShutdownTests(ITestOutputHelper output)
{
    private static readonly TimeSpan s_budget = TimeSpan.FromSeconds(9);

    private static DurableServerOptions Options => new() { ShardCount = 10, CallTimeout = TimeSpan.FromSeconds(20) };

    [Fact]
    public async Task All_servers_save_at_the_same_time()
    {
        const int Servers = 300;
        await using var store = new SlowStore(new InMemoryStateStore(), TimeSpan.FromMilliseconds(300));
        var node = await StartAsync(store);
        var options = Options;
        options.Save = SavePolicy.OnStop;
        var tallies = await node.Servers.RegisterAsync<Tally>("tally", options);
        await Task.WhenAll(Enumerable.Range(1, Servers).Select(i => tallies[$"k{i}"].CallAsync(new Increment(i)).AsTask()));

        var report = await StopAsync(node);
        Assert.True(report.IsComplete);
        Assert.Equal((Servers, Servers), (report.Stopped, report.Saved));
        Assert.True(report.Duration < s_budget, $"It took {report.Duration.TotalSeconds:0.0} s.");
        await using var next = await StartAsync(store);
        var again = await next.Servers.RegisterAsync<Tally>("tally", options);
        for (var i = 1; i <= Servers; i++)
        {
            Assert.Equal(i, await again[$"k{i}"].CallAsync(new GetCount()));
        }
    }

    [Fact]
    public async Task A_node_that_stops_under_load_fails_no_call_and_its_servers_go_on_elsewhere()
    {
        await using var store = new InMemoryStateStore();
        await using var first = await StartAsync(store);
        var second = await StartAsync(store, first);
        var tallies = await first.Servers.RegisterAsync<Tally>("tally", Options);
        await second.Servers.RegisterAsync<Tally>("tally", Options);
        await UntilTheyTakeShardsAsync("tally", first, second);
        using var stop = new CancellationTokenSource();
        var counts = new int[200];
        var worst = new TimeSpan[counts.Length];
        var callers = Enumerable.Range(0, counts.Length).Select(index => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var start = Stopwatch.GetTimestamp();
                Assert.Equal(++counts[index], await tallies[$"k{index}"].CallAsync(new Increment()));
                var took = Stopwatch.GetElapsedTime(start);
                worst[index] = took > worst[index] ? took : worst[index];
                await Task.Delay(10);
            }
        })).ToList();
        await Eventually.TrueAsync(() => Task.FromResult(counts.All(count => count > 5)), "all servers are called");

        var report = await StopAsync(second);
        Assert.True(report.IsComplete, string.Join(", ", report.NotSaved));
        Assert.True(report.Saved > 0);
        var seen = counts.ToArray();
        await Eventually.TrueAsync(() => Task.FromResult(counts.Zip(seen).All(pair => pair.First > pair.Second)), "all servers go on");
        await stop.CancelAsync();
        await Task.WhenAll(callers);
        output.WriteLine($"{counts.Sum():N0} calls, 0 failed, the worst took {worst.Max().TotalMilliseconds:0} ms");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_refuses_to_finish_is_reported_by_key_and_the_node_ends_in_time(bool blocksItsThread)
    {
        await using var store = new InMemoryStateStore();
        var log = new ListLogger();
        var node = await StartAsync(store, log: log);
        var servers = await node.Servers.RegisterAsync<Reluctant>("reluctant", Options);
        for (var i = 0; i < 20; i++)
        {
            await servers[$"k{i}"].CallAsync(new Increment());
        }

        Reluctant.LetGo.Reset();
        servers["k7"].Cast(blocksItsThread ? new HangThread() : new HangAsync());
        Assert.True(await Reluctant.Hangs.WaitAsync(TimeSpan.FromSeconds(20)));
        try
        {
            var report = await StopAsync(node);
            var unsaved = Assert.Single(report.NotSaved);
            Assert.Equal(("reluctant", "k7", UnsavedReason.HandlerNotFinished), (unsaved.ServerType, unsaved.Key, unsaved.Reason));
            Assert.False(report.IsComplete);
            Assert.Equal((20, 19), (report.Stopped, report.Saved));
            Assert.Contains("reluctant/k7", Assert.Single(log.Entries, static entry => entry.Id.Id == 1202).Text, StringComparison.Ordinal);
        }
        finally
        {
            Reluctant.LetGo.Set();
        }

        await node.System.WhenTerminated.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_server_whose_last_save_fails_is_reported_by_key()
    {
        await using var store = new BrokenStore(new InMemoryStateStore(), "k3");
        var node = await StartAsync(store);
        var options = Options;
        options.Save = SavePolicy.OnStop;
        var tallies = await node.Servers.RegisterAsync<Tally>("tally", options);
        for (var i = 0; i < 10; i++)
        {
            await tallies[$"k{i}"].CallAsync(new Increment());
        }

        var report = await StopAsync(node);
        var unsaved = Assert.Single(report.NotSaved);
        Assert.Equal(("k3", UnsavedReason.SaveFailed), (unsaved.Key, unsaved.Reason));
        Assert.Contains("out of paper", unsaved.Text, StringComparison.Ordinal);
        Assert.Equal((10, 9), (report.Stopped, report.Saved));
    }

    [Fact]
    public async Task The_last_node_of_a_cluster_does_not_wait_for_calls_that_nobody_can_answer()
    {
        await using var store = new InMemoryStateStore();
        var node = await StartAsync(store);
        var tallies = await node.Servers.RegisterAsync<Tally>("tally", Options);
        using var stop = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 20).Select(index => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                // Whatever becomes of calls whose only node stops.
                await Record.ExceptionAsync(() => tallies[$"k{index}"].CallAsync(new Increment(), TimeSpan.FromSeconds(1)).AsTask());
                await Task.Delay(5);
            }
        })).ToList();
        await Eventually.TrueAsync(async () => await tallies["k19"].CallAsync(new GetCount()) > 5, "servers are called");

        var took = Stopwatch.StartNew();
        var report = await StopAsync(node);
        Assert.True(report.IsComplete);
        Assert.True(took.Elapsed < s_budget / 2, $"It took {took.Elapsed.TotalSeconds:0.0} s.");
        await stop.CancelAsync();
        await Task.WhenAll(callers);
    }

    [Fact]
    public async Task Nodes_that_all_stop_at_once_do_not_wait_for_each_other()
    {
        await using var store = new InMemoryStateStore();
        var first = await StartAsync(store);
        var second = await StartAsync(store, first);
        var tallies = new[] { await first.Servers.RegisterAsync<Tally>("tally", Options), await second.Servers.RegisterAsync<Tally>("tally", Options) };
        await UntilTheyTakeShardsAsync("tally", first, second);
        using var stop = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 40).Select(index => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await Record.ExceptionAsync(() => tallies[index % 2][$"k{index}"].CallAsync(new Increment(), TimeSpan.FromSeconds(1)).AsTask());
                await Task.Delay(5);
            }
        })).ToList();
        await Eventually.TrueAsync(async () => await tallies[0]["k39"].CallAsync(new GetCount()) > 5, "servers are called");

        var took = Stopwatch.StartNew();
        var reports = await Task.WhenAll(StopAsync(first), StopAsync(second));
        Assert.All(reports, report => Assert.True(report.IsComplete, string.Join(", ", report.NotSaved)));
        Assert.True(took.Elapsed < s_budget, $"It took {took.Elapsed.TotalSeconds:0.0} s.");
        await stop.CancelAsync();
        await Task.WhenAll(callers);
    }

    [Fact]
    public async Task A_node_that_stops_is_marked_as_draining_and_servers_of_its_shards_begin_elsewhere()
    {
        await using var store = new InMemoryStateStore();
        await using var first = await StartAsync(store);
        var second = await StartAsync(store, first);
        var tallies = await first.Servers.RegisterAsync<Tally>("tally", Options);
        await second.Servers.RegisterAsync<Tally>("tally", Options);
        await first.Servers.RegisterAsync<Reluctant>("reluctant", Options);
        var reluctant = await second.Servers.RegisterAsync<Reluctant>("reluctant", Options);
        await UntilTheyTakeShardsAsync("reluctant", first, second);
        string? key = null;
        for (var i = 0; key is null && i < 50; i++)
        {
            await reluctant[$"k{i}"].CallAsync(new Increment());
            key = (await reluctant[$"k{i}"].InfoAsync())!.Node == second.Address.ToString() ? $"k{i}" : null;
        }

        reluctant[key!].Cast(new HangAsync());
        Assert.True(await Reluctant.Hangs.WaitAsync(TimeSpan.FromSeconds(20)));

        // While its one server refuses to end, the node is there, and takes nothing.
        var stopped = StopAsync(second);
        await Eventually.TrueAsync(
            () => Task.FromResult(PlacementControl.Get(first.System).Nodes.Single(node => node.Node == second.Address.ToString()) is { IsDraining: true, Status: "Up" }), "the other node hears that this one is draining", s_budget / 2);
        for (var i = 0; i < 20; i++)
        {
            await tallies[$"k{i}"].CallAsync(new Increment());
            Assert.Equal(first.Address.ToString(), (await tallies[$"k{i}"].InfoAsync())!.Node);
        }

        Assert.Equal(key, Assert.Single((await stopped).NotSaved).Key);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2999)]
    [InlineData(3_600_001)]
    public async Task A_budget_out_of_range_is_refused_when_the_first_type_is_registered(int milliseconds)
    {
        await using var node = await TestNode.StartAsync(new InMemoryStateStore(), configure: setup => setup.ShutdownBudget = TimeSpan.FromMilliseconds(milliseconds));
        var refused = await Assert.ThrowsAsync<DurableConfigurationException>(() => node.Servers.RegisterAsync<Tally>("tally", Options));
        Assert.Contains("ShutdownBudget", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => DurableServersSetup.ShutdownPhases(TimeSpan.FromMilliseconds(milliseconds)));
    }

    // Else the first node might get all the shards.
    private static Task UntilTheyTakeShardsAsync(string typeName, params TestNode[] nodes) => Task.WhenAll(nodes.Select(node => node.UntilItTakesShardsAsync(typeName)));

    private static Task<TestNode> StartAsync(IStateStore store, TestNode? seed = null, ListLogger? log = null) => TestNode.StartAsync(
        store,
        seed,
        setup =>
        {
            setup.ShutdownBudget = s_budget;
            setup.Loggers = log;
        },
        DurableServersSetup.ShutdownPhases(s_budget).ToString());

    private async Task<ShutdownReport> StopAsync(TestNode node)
    {
        var servers = node.Servers;
        Assert.False(servers.Shutdown.IsCompleted);
        var start = Stopwatch.GetTimestamp();
        await CoordinatedShutdown.Get(node.System).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
        var took = Stopwatch.GetElapsedTime(start);
        var report = await servers.Shutdown;
        output.WriteLine($"stopped in {took.TotalMilliseconds:0} ms: {report}");
        Assert.True(took < s_budget + TimeSpan.FromSeconds(1), $"It took {took.TotalSeconds:0.0} s.");
        return report;
    }

    private sealed class SlowStore(IStateStore inner, TimeSpan delay) : DelegatingStateStore(inner)
    {
        public override async ValueTask<SaveOutcome> SaveAsync(SaveRequest request, CancellationToken cancellationToken = default)
        {
            await Task.Delay(delay, cancellationToken);
            return await base.SaveAsync(request, cancellationToken);
        }
    }

    private sealed class BrokenStore(IStateStore inner, string key) : DelegatingStateStore(inner)
    {
        public override ValueTask<SaveOutcome> SaveAsync(SaveRequest request, CancellationToken cancellationToken = default) =>
            request.Id.Key == key ? throw new InvalidOperationException("out of paper") : base.SaveAsync(request, cancellationToken);
    }
}
