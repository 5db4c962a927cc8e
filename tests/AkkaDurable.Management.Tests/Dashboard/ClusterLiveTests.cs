using System.Text.Json;
using AkkaDurable.Management.Internal.Dashboard;
using AkkaDurable.Storage;
using Akka.Cluster;
using Microsoft.AspNetCore.Builder;

namespace AkkaDurable.Management.Tests.Dashboard;

/// <summary>The dashboard of one node about the others: two in regions eu and us, and one without an admin API.</summary>
public sealed class ClusterLiveTests
{
    private const string Token = "correct-horse-battery";

    [Fact]
    public async Task It_shows_every_node_follows_what_becomes_of_them_and_names_those_that_do_not_tell()
    {
        await using var store = new InMemoryStateStore();
        await using var eu = await ManagedNode.StartAsync(store, "eu", map: app => app.MapAkkaDurable(options => options.Token = Token));
        await using var us = await ManagedNode.StartAsync(store, "us", eu, map: app => app.MapAkkaDurable());
        using var http = new HttpClient { BaseAddress = eu.Url };
        using var live = await LiveReader.OpenAsync(http);
        await live.UntilAsync("nodes", nodes => StateOf(nodes, us.Address) == "up");

        // What is called, how long that takes and the trees come from the nodes' agents.
        using var stop = new CancellationTokenSource();
        var calling = CallAsync(us.Vaults["us-1"], stop.Token);
        var calls = await live.UntilAsync("calls", section => CallsOf(section, us.Address, "vault") is { } found && found.GetProperty("perSecond").GetDouble() > 0);
        await stop.CancelAsync();
        await calling;
        var vault = CallsOf(calls, us.Address, "vault")!.Value;
        Assert.InRange(vault.GetProperty("p50").GetDouble(), 0.0001, 20_000);
        Assert.True(vault.GetProperty("p50").GetDouble() <= vault.GetProperty("p99").GetDouble());
        Assert.Empty(calls.GetProperty("missing").EnumerateArray());
        var trees = await live.UntilAsync("trees", section => section.GetProperty("nodes").GetArrayLength() == 2);
        var tree = trees.GetProperty("nodes").EnumerateArray().Single(node => node.GetProperty("node").GetString() == us.Address);
        Assert.Equal(["bank-tree", "bank-tree/desks", "bank-tree/desks/clerk"], tree.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("path").GetString()));

        var shards = await live.UntilAsync("shards", section => section.GetProperty("type").GetString() == "vault" && section.GetProperty("all").GetInt32() > 0);
        Assert.Equal(["us"], shards.GetProperty("matrix").EnumerateArray().Select(entry => entry[0].GetString()));
        Assert.Equal(0, shards.GetProperty("away").GetInt32());

        await eu.RunAsync($"placement cordon-node {us.Address}");
        await live.UntilAsync("nodes", nodes => StateOf(nodes, us.Address) == "cordoned");
        await eu.RunAsync($"placement drain {us.Address} -no-wait");
        await live.UntilAsync("nodes", nodes => StateOf(nodes, us.Address) == "drained");

        // Its home is out, so the shard moved, and is away.
        shards = await live.UntilAsync("shards", section => section.GetProperty("type").GetString() == "vault" && section.GetProperty("away").GetInt32() == 1);
        Assert.Equal(4, shards.GetProperty("shards")[0].GetArrayLength());

        await using (var plain = await ManagedNode.StartAsync(store, "eu", eu))
        {
            calls = await live.UntilAsync("calls", section => section.GetProperty("missing").GetArrayLength() > 0);
            Assert.Equal(plain.Address, Assert.Single(calls.GetProperty("missing").EnumerateArray()).GetProperty("node").GetString());
            plain.Cluster.Leave(plain.Cluster.SelfAddress);
            await live.UntilAsync("nodes", nodes => StateOf(nodes, plain.Address) == "gone");
        }
    }

    [Theory]
    [InlineData(MemberStatus.Up, true, false, false, null, "up")]
    [InlineData(MemberStatus.Up, true, false, true, null, "cordoned")]
    [InlineData(MemberStatus.Up, true, true, true, null, "draining")]
    [InlineData(MemberStatus.Up, true, true, false, 3, "draining")]
    [InlineData(MemberStatus.Up, true, true, false, 0, "drained")]
    [InlineData(MemberStatus.Up, false, true, true, 0, "unreachable")]
    [InlineData(MemberStatus.Exiting, true, true, false, 0, "leaving")]
    [InlineData(MemberStatus.WeaklyUp, true, false, false, null, "joining")]
    [InlineData(MemberStatus.Down, false, false, false, null, "down")]
    public void Of_all_that_is_true_of_a_node_the_most_important_is_its_state(MemberStatus status, bool isReachable, bool isDraining, bool isCordoned, int? left, string state) =>
        Assert.Equal(state, NodesLook.StateOf(status, isReachable, isDraining, isCordoned, left));

    private static async Task CallAsync(ServerRef server, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await server.CallAsync(new Deposit(), cancellationToken: CancellationToken.None);
            await Task.Delay(20, CancellationToken.None);
        }
    }

    private static string? StateOf(JsonElement nodes, string address) =>
        nodes.GetProperty("nodes").EnumerateArray().Where(node => node.GetProperty("node").GetString() == address).Select(node => node.GetProperty("state").GetString()).SingleOrDefault();

    private static JsonElement? CallsOf(JsonElement section, string address, string type)
    {
        foreach (var node in section.GetProperty("nodes").EnumerateArray().Where(node => node.GetProperty("node").GetString() == address))
        {
            foreach (var item in node.GetProperty("types").EnumerateArray().Where(item => item.GetProperty("type").GetString() == type))
            {
                return item;
            }
        }

        return null;
    }
}
