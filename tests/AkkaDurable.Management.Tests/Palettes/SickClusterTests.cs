using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using AkkaDurable.Storage;

namespace AkkaDurable.Management.Tests.Palettes;

/// <summary>A member that answers nothing of ours, and then nothing at all.</summary>
public sealed class SickClusterTests
{
    [Fact]
    public async Task A_node_that_does_not_answer_is_named_and_costs_the_others_nothing()
    {
        await using var store = new InMemoryStateStore();
        await using var node = await ManagedNode.StartAsync(store, "eu");
        await node.Vaults["a"].CallAsync(new Deposit());
        var mute = ActorSystem.Create("bank", ConfigurationFactory.ParseString(
            """
            akka { loglevel = OFF, stdout-loglevel = OFF, actor.provider = cluster, remote.dot-netty.tcp { hostname = localhost, port = 0 }
                   cluster.roles = ["dc-eu"], coordinated-shutdown.run-by-actor-system-terminate = off }
            """));
        var address = Cluster.Get(mute).SelfAddress.ToString();
        try
        {
            Cluster.Get(mute).Join(node.Cluster.SelfAddress);
            await Eventually.TrueAsync(async () => (await node.RowsAsync("cluster show")).Count(row => row["status"] is MemberStatus.Up) == 2, "the mute node is up");

            var stats = await node.RunAsync("cluster-sharding region-stats -t vault --timeout 1s");
            Assert.Equal(1, Assert.Single(stats.OfType<CommandOutput.Row>(), row => Equals(row["node"], node.Address))["shards"]);
            Assert.Null(Assert.Single(stats.OfType<CommandOutput.Row>(), row => Equals(row["node"], address))["shards"]);
            Assert.Equal(address, Assert.Single(stats.OfType<CommandOutput.Partial>()).Node);
            Assert.Contains(await node.RunAsync("placement show"), item => item is CommandOutput.Partial partial && partial.Node == address);
        }
        finally
        {
            await mute.Terminate();
        }

        await Eventually.TrueAsync(async () => (await node.RunAsync("cluster show")).Any(item => item is CommandOutput.Partial partial && partial.Node == address), "the lost node is shown as unreachable");
        var shown = Assert.Single(await node.RowsAsync("cluster show"), row => Equals(row["node"], address));
        Assert.False(shown["reachable"] is true);
        Assert.Equal($"{address} was put out", Assert.IsType<CommandOutput.Line>(Assert.Single(await node.RunAsync("cluster down-unreachable"))).Text);
        await Eventually.TrueAsync(async () => (await node.RowsAsync("cluster show")).Length == 1, "the lost node is gone");
    }
}
