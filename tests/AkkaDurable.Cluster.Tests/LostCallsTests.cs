using AkkaDurable.Storage;

namespace AkkaDurable.Cluster.Tests;

/// <summary>Calls to servers of a node that is lost, while nobody knows of it yet.</summary>
public sealed class LostCallsTests
{
    [Fact]
    public async Task Calls_are_sent_again_when_their_node_is_put_out_of_the_cluster_however_long_they_would_wait_for_an_answer()
    {
        await using var store = new InMemoryStateStore();
        await using var stays = await StartAsync(store);
        var lost = await StartAsync(store, stays);
        var fromStays = stays.Servers.For<Tally>();
        await Task.WhenAll(stays.UntilItTakesShardsAsync("tally"), lost.UntilItTakesShardsAsync("tally"));

        var keys = Enumerable.Range(0, 40).Select(i => $"k-{i}").ToList();
        await Task.WhenAll(keys.Select(key => fromStays[key].CallAsync(new Increment()).AsTask()));
        var owners = await Task.WhenAll(keys.Select(async key => (Key: key, (await fromStays[key].InfoAsync())!.Node)));
        var onLost = owners.Where(owner => owner.Node == lost.Address.ToString()).Select(owner => owner.Key).ToList();
        Assert.NotEmpty(onLost);

        // As a killed process: nothing is handed over, and nobody is told.
        var address = lost.Address;
        await lost.System.Terminate();
        var calls = onLost.Select(key => fromStays[key].CallAsync(new Increment()).AsTask()).ToList();
        Assert.DoesNotContain(calls, call => call.IsCompleted);
        global::Akka.Cluster.Cluster.Get(stays.System).Down(address);

        Assert.All(await Task.WhenAll(calls), count => Assert.Equal(2, count));
    }

    private static async Task<TestNode> StartAsync(InMemoryStateStore store, TestNode? seed = null)
    {
        var node = await TestNode.StartAsync(
            store, seed, setup => setup.LeaseTimeToLive = TimeSpan.FromSeconds(1), "akka.coordinated-shutdown { run-by-actor-system-terminate = off, run-by-clr-shutdown-hook = off }");
        await node.Servers.RegisterAsync<Tally>("tally", new DurableServerOptions { ShardCount = 20, CallTimeout = TimeSpan.FromSeconds(25), ResendAfter = TimeSpan.FromMinutes(5) });
        return node;
    }
}
