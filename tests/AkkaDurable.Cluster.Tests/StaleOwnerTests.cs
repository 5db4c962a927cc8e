using System.Text;
using AkkaDurable.Storage;

namespace AkkaDurable.Cluster.Tests;

/// <summary>Two clusters that know nothing of each other, over one database: the worst that a network can do.</summary>
public abstract class StaleOwnerTests
{
    private protected abstract IStateStore OpenStore();

    private protected async Task Check_a_stale_owner()
    {
        await using var storeA = OpenStore();
        await using var storeB = OpenStore();
        await using var nodeA = await StartAsync(storeA);
        await using var nodeB = await StartAsync(storeB);

        // Without the lease, so that it is the token alone that tells.
        var options = () => new DurableServerOptions { Reads = ReadPolicy.Fast, RememberedCalls = 0 };
        var fromA = (await nodeA.Servers.RegisterAsync<Tally>("tally", options()))["k"];
        var fromB = (await nodeB.Servers.RegisterAsync<Tally>("tally", options()))["k"];

        Assert.Equal(5, await fromA.CallAsync(new Increment(5)));
        Assert.Equal(6, await fromB.CallAsync(new Increment(1)));

        // A still runs and believes in 5. It must neither be acknowledged nor take anything from B.
        await Assert.ThrowsAsync<OwnershipLostException>(async () => await fromA.CallAsync(new Increment(100)));
        Assert.Equal(6, await fromB.CallAsync(new GetCount()));
        Assert.Equal("""{"Count":6}""", await StoredAsync(storeB));

        // It has stopped; what comes to it now starts it afresh from what is stored, and makes B the stale one.
        Assert.Equal(8, await fromA.CallAsync(new Increment(2)));
        await Assert.ThrowsAsync<OwnershipLostException>(async () => await fromB.CallAsync(new Increment(100)));
        Assert.Equal(8, await fromB.CallAsync(new GetCount()));
        Assert.Equal("""{"Count":8}""", await StoredAsync(storeA));
    }

    private protected async Task Check_a_stale_owner_under_a_lease()
    {
        await using var storeA = OpenStore();
        await using var storeB = OpenStore();
        await using var nodeA = await StartAsync(storeA);
        await using var nodeB = await StartAsync(storeB);
        var fromA = (await nodeA.Servers.RegisterAsync<Tally>("tally"))["k"];
        var fromB = (await nodeB.Servers.RegisterAsync<Tally>("tally"))["k"];

        Assert.Equal(5, await fromA.CallAsync(new Increment(5)));
        Assert.Equal(6, await fromB.CallAsync(new Increment(1)));

        // A still has a server in memory that says 5. Neither a change nor a read gets an answer from it, and it takes nothing from B.
        await Assert.ThrowsAsync<OwnershipLostException>(async () => await fromA.CallAsync(new Increment(100), TimeSpan.FromSeconds(1)));
        await Assert.ThrowsAsync<OwnershipLostException>(async () => await fromA.CallAsync(new GetCount(), TimeSpan.FromSeconds(1)));
        Assert.Equal(6, await fromB.CallAsync(new GetCount()));
        Assert.Equal("""{"Count":6}""", await StoredAsync(storeB));

        // Once B has given the server up in order, A may have it; and B, whose lease nobody took, may take it back.
        Assert.True(await fromB.StopAsync());
        Assert.Equal(8, await fromA.CallAsync(new Increment(2)));
        Assert.Equal(9, await fromB.CallAsync(new Increment(1)));
        Assert.Equal("""{"Count":9}""", await StoredAsync(storeA));
    }

    private protected async Task Check_that_a_server_that_went_from_A_to_B_and_back_has_all_changes()
    {
        await using var storeA = OpenStore();
        await using var storeB = OpenStore();
        await using var nodeA = await StartAsync(storeA);
        await using var nodeB = await StartAsync(storeB);
        var fromA = (await nodeA.Servers.RegisterAsync<Tally>("tally"))["k"];
        var fromB = (await nodeB.Servers.RegisterAsync<Tally>("tally"))["k"];
        var expected = 0;
        for (var round = 0; round < 3; round++)
        {
            foreach (var server in new[] { fromA, fromB })
            {
                for (var i = 0; i < 5; i++)
                {
                    Assert.Equal(++expected, await server.CallAsync(new Increment()));
                }

                Assert.True(await server.StopAsync());
            }
        }

        Assert.Equal(30, await fromA.CallAsync(new GetCount()));
    }

    private static Task<TestNode> StartAsync(IStateStore store) => TestNode.StartAsync(store, configure: setup => setup.LeaseTimeToLive = TimeSpan.FromSeconds(2));

    private static async Task<string> StoredAsync(IStateStore store) =>
        Encoding.UTF8.GetString((await store.ReadAsync(new ServerId("tally", "k")))!.State!.Value.Span);
}
