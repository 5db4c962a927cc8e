using AkkaDurable.Storage;

namespace AkkaDurable.Cluster.Tests;

public sealed class MovingTests
{
    private static DurableServerOptions Options => new() { ShardCount = 10, CallTimeout = TimeSpan.FromSeconds(30) };

    [Fact]
    public async Task Servers_of_a_leaving_node_go_on_elsewhere_and_no_acknowledged_call_is_lost()
    {
        var store = new InMemoryStateStore();
        await using var first = await TestNode.StartAsync(store);
        var second = await TestNode.StartAsync(store, first);
        var tallies = await first.Servers.RegisterAsync<Tally>("tally", Options);
        await second.Servers.RegisterAsync<Tally>("tally", Options);
        await Task.WhenAll(first.UntilItTakesShardsAsync("tally"), second.UntilItTakesShardsAsync("tally"));
        var keys = Enumerable.Range(0, 30).Select(i => $"k{i}").ToList();
        foreach (var key in keys)
        {
            await tallies[key].CallAsync(new Increment());
        }

        // Callers keep on calling while the node leaves. A message on its way to the leaving node may be lost (its caller gets a time-out and does not know); acknowledged ones may not.
        using var stop = new CancellationTokenSource();
        var acknowledged = new int[keys.Count];
        var callers = keys.Select((key, index) => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    acknowledged[index] = await tallies[key].CallAsync(new Increment(), TimeSpan.FromSeconds(2));
                }
                catch (DurableServerException)
                {
                    // Not acknowledged, so not counted.
                }
            }
        })).ToList();
        await second.DisposeAsync();
        foreach (var key in keys)
        {
            Assert.Equal(first.Address.ToString(), await NodeOf(tallies[key]));
        }

        await stop.CancelAsync();
        await Task.WhenAll(callers);
        for (var i = 0; i < keys.Count; i++)
        {
            Assert.True(await tallies[keys[i]].CallAsync(new GetCount()) >= acknowledged[i], $"{keys[i]} lost acknowledged calls.");
        }

        static async Task<string> NodeOf(ServerRef server)
        {
            await server.CallAsync(new GetCount());
            return (await server.InfoAsync())!.Node;
        }
    }

    [Fact]
    public async Task The_least_recently_used_servers_leave_when_the_node_has_too_many()
    {
        await using var node = await TestNode.StartAsync(new InMemoryStateStore());
        var tallies = await node.Servers.RegisterAsync<Tally>("tally", new DurableServerOptions { MaxActiveServers = 3, CallTimeout = TimeSpan.FromSeconds(20) });
        foreach (var key in new[] { "a", "b", "c" })
        {
            await tallies[key].CallAsync(new Increment());
        }

        await tallies["a"].CallAsync(new Increment());
        await tallies["d"].CallAsync(new Increment());
        await Eventually.TrueAsync(async () => !await tallies["b"].IsRunningAsync(), "b leaves, the least recently used");
        Assert.True(await tallies["a"].IsRunningAsync());
        Assert.True(await tallies["c"].IsRunningAsync());
        Assert.True(await tallies["d"].IsRunningAsync());

        Assert.Equal(2, await tallies["b"].CallAsync(new Increment()));
        await Eventually.TrueAsync(async () => !await tallies["c"].IsRunningAsync(), "c leaves for b");
    }

    [Fact]
    public async Task Idle_servers_leave_memory_and_come_back_with_their_state()
    {
        await using var node = await TestNode.StartAsync(new InMemoryStateStore());
        var tallies = await node.Servers.RegisterAsync<Tally>("tally", new DurableServerOptions { PassivateAfter = TimeSpan.FromMilliseconds(200), CallTimeout = TimeSpan.FromSeconds(20) });
        await tallies["a"].CallAsync(new Increment());
        await Eventually.TrueAsync(async () => !await tallies["a"].IsRunningAsync(), "a passivates");
        Assert.Equal(ServerStatus.StoppedGraceful, (await tallies["a"].InfoAsync())!.Status);
        Assert.Equal(2, await tallies["a"].CallAsync(new Increment()));
        Assert.Equal(2, (await tallies["a"].InfoAsync())!.Epoch);
    }

    [Fact]
    public async Task Calls_that_meet_a_passivation_are_not_lost()
    {
        await using var node = await TestNode.StartAsync(new InMemoryStateStore());
        var tallies = await node.Servers.RegisterAsync<Tally>("tally", new DurableServerOptions { MaxActiveServers = 5, CallTimeout = TimeSpan.FromSeconds(30) });
        await Parallel.ForAsync(0, 16, async (worker, stopped) =>
        {
            for (var i = 0; i < 200; i++)
            {
                await tallies[$"k{(worker + i) % 20}"].CallAsync(new Increment(), cancellationToken: stopped);
            }
        });
        var total = 0;
        for (var i = 0; i < 20; i++)
        {
            total += await tallies[$"k{i}"].CallAsync(new GetCount());
        }

        Assert.Equal(16 * 200, total);
    }
}
