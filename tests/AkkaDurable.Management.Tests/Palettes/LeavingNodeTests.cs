using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using AkkaDurable.Placement;
using AkkaDurable.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AkkaDurable.Management.Tests.Palettes;

/// <summary>Nodes on their way out of the cluster.</summary>
public sealed class LeavingNodeTests
{
    [Fact]
    public async Task A_node_is_drained_filled_again_and_leaves_and_no_state_is_lost()
    {
        await using var store = new InMemoryStateStore();
        await using var eu = await ManagedNode.StartAsync(store, "eu");
        await using var us = await ManagedNode.StartAsync(store, "us", eu);
        await Eventually.TrueAsync(async () => (await eu.RowsAsync("cluster show")).Count(row => row["status"] is MemberStatus.Up && row["servers"] is not null) == 2, "both are up and report");
        await eu.Vaults["us-1"].CallAsync(new Deposit(5));
        Assert.Equal(us.Address, (await eu.RowAsync("cluster-sharding locate -t vault us-1"))["node"]);

        var drained = await eu.RunAsync($"placement drain {us.Address}");
        Assert.Equal(PlacementCommandOutcome.Done, Assert.Single(drained.OfType<CommandOutput.Row>())["outcome"]);
        Assert.Equal($"{us.Address} has no shards any more", Assert.Single(drained.OfType<CommandOutput.Line>()).Text);
        Assert.True(drained[^1] is CommandOutput.Line, "the watch ends with the last shard");
        Assert.Equal(5, await eu.Vaults["us-1"].CallAsync(new GetGold()));
        Assert.Equal(eu.Address, (await eu.RowAsync("cluster-sharding locate -t vault us-1"))["node"]);
        Assert.True(Assert.Single(await us.RowsAsync("cluster show"), row => Equals(row["node"], us.Address))["draining"] is true);
        Assert.Single(await eu.RunAsync($"placement drain {us.Address} -no-wait"));
        Assert.Equal(PlacementCommandOutcome.Done, (await us.RowAsync($"placement undrain {us.Address}"))["outcome"]);

        Assert.Equal($"{us.Address} was told to leave; follow it with: cluster tail", Assert.IsType<CommandOutput.Line>(Assert.Single(await eu.RunAsync($"cluster leave -n {us.Address}"))).Text);
        await Eventually.TrueAsync(async () => (await eu.RowsAsync("cluster show")).Length == 1, "the node has left");
        Assert.Equal(5, await eu.Vaults["us-1"].CallAsync(new GetGold()));
    }

    [Fact]
    public async Task A_lost_node_is_put_out_by_its_address()
    {
        await using var store = new InMemoryStateStore();
        await using var node = await ManagedNode.StartAsync(store, "eu");
        var lost = ActorSystem.Create("bank", ConfigurationFactory.ParseString(
            """
            akka { loglevel = OFF, stdout-loglevel = OFF, actor.provider = cluster, remote.dot-netty.tcp { hostname = localhost, port = 0 }
                   cluster.roles = ["dc-eu"], coordinated-shutdown.run-by-actor-system-terminate = off }
            """));
        var address = Cluster.Get(lost).SelfAddress;
        Cluster.Get(lost).Join(node.Cluster.SelfAddress);
        await Eventually.TrueAsync(async () => (await node.RowsAsync("cluster show")).Count(row => row["status"] is MemberStatus.Up) == 2, "it is up");
        await lost.Terminate();

        Assert.Equal(CommandErrorKind.NotFound, (await node.RefusalAsync("cluster down 10.0.0.7:8110")).Kind);
        Assert.Equal($"{address} was put out", Assert.IsType<CommandOutput.Line>(Assert.Single(await node.RunAsync($"cluster down {address.Host}:{address.Port}"))).Text);
        await Eventually.TrueAsync(async () => (await node.RowsAsync("cluster show")).Length == 1, "it is gone");
    }

    [Fact]
    public async Task The_health_checks_of_the_app_are_run()
    {
        await using var store = new InMemoryStateStore();
        var isWell = true;
        await using var node = await ManagedNode.StartAsync(
            store, "eu", configure: builder => builder.Services.AddHealthChecks().AddCheck("till", () => isWell ? HealthCheckResult.Healthy("balanced") : HealthCheckResult.Degraded("a coin is missing"), ["ready", "akka"]));

        var well = Assert.Single(await node.RowsAsync("system health"), row => row["check"] is "till");
        Assert.Equal((HealthStatus.Healthy, "balanced", node.Address), (well["status"], well["description"], well["node"]));
        Assert.Equal(["akka", "ready"], Assert.IsAssignableFrom<IEnumerable<string>>(well["tags"]));
        isWell = false;
        Assert.Equal(HealthStatus.Degraded, Assert.Single(await node.RowsAsync("system health -all"), row => row["check"] is "till")["status"]);
    }
}
