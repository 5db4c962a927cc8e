using Akka.Cluster;
using Akka.Event;
using AkkaDurable.Placement;
using AkkaDurable.Supervision;

namespace AkkaDurable.Management.Tests.Palettes;

public sealed class NodePaletteTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    [Fact]
    public async Task The_members_are_shown_with_their_place_and_load()
    {
        var rows = await nodes.Us.RowsAsync("cluster show");

        Assert.Equal(new object?[] { "eu", "us" }.Order(), rows.Select(row => row["region"]).Order());
        Assert.All(rows, row => Assert.Equal((MemberStatus.Up, true, 0), (row["status"], row["reachable"], row["servers"] is null ? -1 : 0)));
        Assert.Equal(nodes.Us.Address, Assert.Single(rows, row => row["self"] is true)["node"]);
        Assert.Equal(2, (await nodes.Us.RowsAsync("placement show")).Length);
    }

    [Fact]
    public async Task Shards_are_counted_listed_and_located_on_both_nodes_from_either()
    {
        await nodes.Eu.Vaults["shard-1"].CallAsync(new Deposit());
        await nodes.Eu.Vaults["us-shard-1"].CallAsync(new Deposit());

        var stats = await nodes.Us.RowsAsync("cluster-sharding region-stats -t vault");
        Assert.Equal(2, stats.Length);
        Assert.All(stats, row => Assert.True(row["servers"] is >= 1, $"{row}"));
        Assert.Equal(nodes.Eu.Address, Assert.Single(stats, row => row["coordinator"] is true)["node"]);
        var located = await nodes.Us.RowAsync("cluster-sharding locate -t vault us-shard-1");
        Assert.Equal(("us", nodes.Us.Address), (located["home"], located["node"]));
        Assert.Contains(await nodes.Eu.RowsAsync("cluster-sharding shards -t vault"), row => Equals(row["shard"], located["shard"]) && Equals(row["node"], nodes.Us.Address) && row["away"] is false);
        Assert.Equal(["closed", "vault"], (await nodes.Eu.RowsAsync("cluster-sharding list-types")).Select(row => row["type"]));
        Assert.Equal(2, (await nodes.Eu.RowsAsync("cluster-sharding regions -t vault")).Count(row => row["answers"] is true));
    }

    [Fact]
    public async Task A_shard_is_moved_explained_and_brought_home_again()
    {
        await nodes.Eu.Vaults["us-move"].CallAsync(new Deposit());
        var shard = nodes.Eu.Vaults["us-move"].Shard;
        var eu = $"{nodes.Eu.Cluster.SelfAddress.Host}:{nodes.Eu.Cluster.SelfAddress.Port}";

        Assert.Equal(nodes.Eu.Address, (await nodes.Us.RowAsync($"cluster-sharding move -t vault {shard} -to {eu}"))["node"]);
        Assert.Equal(1, await nodes.Us.Vaults["us-move"].CallAsync(new GetGold()));
        var explained = await nodes.Us.RowAsync("placement explain -t vault us-move");
        Assert.Equal((shard, PlacementReason.Running, nodes.Eu.Address), (explained["shard"], explained["reason"], explained["node"]));
        Assert.Contains(await nodes.Us.RowsAsync("cluster-sharding shards -t vault -away"), row => Equals(row["shard"], shard));

        Assert.Contains(await nodes.Us.RowsAsync("cluster-sharding rebalance -t vault"), row => Equals(row["shard"], shard) && Equals(row["node"], nodes.Us.Address));
        Assert.Equal(1, await nodes.Us.Vaults["us-move"].CallAsync(new GetGold()));
        await Eventually.TrueAsync(async () => (await nodes.Eu.RowsAsync("placement history -t vault us-move")).Length >= 2, "the places are written");
    }

    [Fact]
    public async Task A_node_is_cordoned_and_freed_and_an_unknown_one_refused()
    {
        Assert.Equal(PlacementCommandOutcome.Done, (await nodes.Eu.RowAsync($"placement cordon-node {nodes.Us.Address}"))["outcome"]);
        Assert.True(Assert.Single(await nodes.Eu.RowsAsync("placement show"), row => Equals(row["node"], nodes.Us.Address))["cordoned"] is true);
        Assert.Equal(PlacementCommandOutcome.Done, (await nodes.Eu.RowAsync($"placement uncordon-node {nodes.Us.Address}"))["outcome"]);
        Assert.Equal(PlacementCommandOutcome.AlreadySo, (await nodes.Eu.RowAsync($"placement uncordon-node {nodes.Us.Address}"))["outcome"]);
        Assert.Equal(CommandErrorKind.NotFound, (await nodes.Eu.RefusalAsync("placement drain 10.9.9.9:1")).Kind);
        Assert.Equal(CommandErrorKind.NotFound, (await nodes.Eu.RefusalAsync("cluster down nowhere")).Kind);
        Assert.Equal(CommandErrorKind.InvalidValue, (await nodes.Eu.RefusalAsync("cluster-sharding move -t vault ../x")).Kind);
    }

    [Fact]
    public async Task A_tree_is_shown_and_its_child_stopped_started_and_restarted()
    {
        var tree = SupervisionTree.Find(nodes.Eu.System, "bank-tree")!;
        var clerk = tree.Child("desks", "clerk");

        var rows = await nodes.Eu.RowsAsync("tree show");
        Assert.Equal([("bank-tree", 0), ("bank-tree/desks", 1), ("bank-tree/desks/clerk", 2)], rows.Select(row => ((string)row["path"]!, row.Depth)));
        await nodes.Eu.RunAsync("tree stop bank-tree/desks/clerk");
        Assert.Null(tree.Child("desks", "clerk"));
        Assert.Equal(ChildStatus.Stopped, (await nodes.Eu.RowsAsync("tree show bank-tree"))[2]["status"]);
        await nodes.Eu.RunAsync("tree start bank-tree/desks/clerk");
        Assert.Equal(CommandErrorKind.Refused, (await nodes.Eu.RefusalAsync("tree start bank-tree/desks/clerk")).Kind);
        await nodes.Eu.RunAsync("tree restart bank-tree/desks/clerk");
        Assert.NotEqual(clerk, tree.Child("desks", "clerk"));
        Assert.Equal(CommandErrorKind.NotFound, (await nodes.Eu.RefusalAsync("tree show oak")).Kind);
        Assert.Equal(CommandErrorKind.NotFound, (await nodes.Eu.RefusalAsync("tree stop bank-tree/desks/nobody")).Kind);
        Assert.Equal(CommandErrorKind.InvalidValue, (await nodes.Eu.RefusalAsync("tree stop bank-tree")).Kind);
    }

    [Fact]
    public async Task The_node_tells_of_itself_and_hides_secrets()
    {
        Assert.Equal((nodes.Eu.Address, "bank"), ((await nodes.Eu.RowAsync("system info"))["node"], (await nodes.Eu.RowAsync("system info"))["system"]));
        var config = await nodes.Eu.RowsAsync("system config akka.remote.dot-netty.tcp");
        Assert.Contains(config, row => Equals(row["setting"], "akka.remote.dot-netty.tcp.port"));
        Assert.Equal("(hidden)", Assert.Single(config, row => Equals(row["setting"], "akka.remote.dot-netty.tcp.ssl.certificate.password"))["value"]);
        Assert.Equal(CommandErrorKind.NotFound, (await nodes.Eu.RefusalAsync("system config akka.nothing")).Kind);
    }

    [Fact]
    public async Task The_log_level_is_changed_and_what_is_logged_followed()
    {
        Assert.Equal("debug", (await nodes.Us.RowAsync("log set-level debug"))["level"]);
        Assert.Equal("debug", (await nodes.Us.RowAsync("log level"))["level"]);
        await nodes.Us.RunAsync("log set-level info");

        await using var tail = DurableCommands.CatalogWith().Parse(["log", "tail", "-m", "needle"]).RunAsync(nodes.Us.System, nodes.Us.Services).GetAsyncEnumerator();
        var next = tail.MoveNextAsync().AsTask();
        await Eventually.TrueAsync(
            () =>
            {
                // Until the tap is open nothing is heard.
                Logging.GetLogger(nodes.Us.System, "test").Warning("a needle");
                return Task.FromResult(next.IsCompleted);
            },
            "the log is followed");
        Assert.True(await next);
        Assert.Equal("a needle", Assert.IsType<CommandOutput.Row>(tail.Current)["message"]);
    }

    [Fact]
    public async Task Groups_are_listed_with_their_members_of_all_nodes_and_followed()
    {
        var actor = nodes.Us.System.ActorOf(Akka.Actor.Props.Create(() => new Clerk()));
        await DurableServers.Get(nodes.Us.System).Groups.JoinAsync("desk/1", actor);

        await Eventually.TrueAsync(async () => (await nodes.Eu.RowsAsync("groups members desk/")).Length == 1, "the member is known on the other node");
        Assert.Equal(nodes.Us.Address, (await nodes.Eu.RowAsync("groups members desk/1"))["node"]);
        var listed = Assert.Single(await nodes.Eu.RowsAsync("groups list"), row => Equals(row["group"], "desk/1"));
        Assert.Equal((1, 1), (listed["members"], listed["nodes"]));
        await using var tail = DurableCommands.CatalogWith().Parse(["groups", "tail", "desk/1"]).RunAsync(nodes.Eu.System, nodes.Eu.Services).GetAsyncEnumerator();
        Assert.True(await tail.MoveNextAsync());
        Assert.Equal(LifecycleEventKind.Joined, Assert.IsType<CommandOutput.Row>(tail.Current)["what"]);
    }

    [Fact]
    public async Task Servers_are_followed_on_all_nodes()
    {
        await nodes.Eu.Vaults["us-followed"].CallAsync(new Deposit());
        await using var tail = DurableCommands.CatalogWith().Parse(["servers", "tail", "-t", "vault", "-p", "us-followed"]).RunAsync(nodes.Eu.System, nodes.Eu.Services).GetAsyncEnumerator();
        Assert.True(await tail.MoveNextAsync());
        var first = Assert.IsType<CommandOutput.Row>(tail.Current);
        Assert.Equal((LifecycleEventKind.Registered, "us-followed", nodes.Us.Address), (first["what"], first["key"], first["node"]));

        await nodes.Eu.RunAsync("servers stop -t vault us-followed");
        Assert.True(await tail.MoveNextAsync());
        Assert.Equal(LifecycleEventKind.Unregistered, Assert.IsType<CommandOutput.Row>(tail.Current)["what"]);
        Assert.Equal(CommandErrorKind.InvalidValue, (await nodes.Eu.RefusalAsync("servers tail -p us-")).Kind);
    }

    [Fact]
    public async Task Servers_that_run_already_can_be_left_out_of_what_is_followed()
    {
        await nodes.Eu.Vaults["us-old"].CallAsync(new Deposit());
        await using var tail = DurableCommands.CatalogWith().Parse(["servers", "tail", "-t", "vault", "-p", "us-", "-new"]).RunAsync(nodes.Eu.System, nodes.Eu.Services).GetAsyncEnumerator();
        var next = tail.MoveNextAsync().AsTask();

        // One of them comes after the watch has begun, whenever that is.
        for (var i = 0; !next.IsCompleted; i++)
        {
            await nodes.Eu.Vaults[$"us-new-{i}"].CallAsync(new Deposit());
            await Task.WhenAny(next, Task.Delay(200));
        }

        Assert.True(await next);
        Assert.StartsWith("us-new-", (string)Assert.IsType<CommandOutput.Row>(tail.Current)["key"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Members_and_shards_are_followed()
    {
        await nodes.Eu.Vaults["tail"].CallAsync(new Deposit());
        await using var cluster = DurableCommands.CatalogWith().Parse(["cluster", "tail"]).RunAsync(nodes.Eu.System, nodes.Eu.Services).GetAsyncEnumerator();
        Assert.True(await cluster.MoveNextAsync());
        Assert.Equal("Up", Assert.IsType<CommandOutput.Row>(cluster.Current)["what"]);

        await using var shards = DurableCommands.CatalogWith().Parse(["cluster-sharding", "tail", "-t", "vault"]).RunAsync(nodes.Us.System, nodes.Us.Services).GetAsyncEnumerator();
        Assert.True(await shards.MoveNextAsync());
        Assert.Equal("Here", Assert.IsType<CommandOutput.Row>(shards.Current)["what"]);
    }
}
