namespace AkkaDurable.Placement.Tests.Cluster;

/// <summary>The strategy in a real cluster of several actor systems, without AkkaDurable's servers.</summary>
public sealed class PlainShardingTests
{
    private readonly InMemoryPlacementHistory _history = new();

    [Fact]
    public async Task Keys_live_in_their_home_region_fall_back_and_go_home()
    {
        await using var eu1 = await PlainNode.StartAsync(new NodeLocation("eu", Machine: "e1"), _history);
        var us = await PlainNode.StartAsync(new NodeLocation("us", Machine: "u1"), _history, eu1);
        Assert.Equal("us", us.Control.Location.Region);
        Assert.Equal(us.Address, await eu1.WhereIs("us/ann"));
        Assert.Equal(eu1.Address, await us.WhereIs("eu/bob"));

        // Shut down in order: its shards go at once, though not home.
        await us.DisposeAsync();
        Assert.Equal(eu1.Address, await eu1.WhereIs("us/ann"));
        Assert.Equal(PlacementReason.Running, (await eu1.Control.ExplainAsync(PlainNode.TypeName, PlainNode.ShardOf("us/ann")))!.Reason);

        await using var us2 = await PlainNode.StartAsync(new NodeLocation("us", Machine: "u2"), _history, eu1);
        await Eventually.TrueAsync(() => eu1.WhereIs("us/ann").Result == us2.Address, "the shard goes home", TimeSpan.FromSeconds(40));
    }

    [Fact]
    public async Task Operators_move_drain_and_cordon_from_any_node()
    {
        await using var a = await PlainNode.StartAsync(new NodeLocation("eu", Machine: "e1"), _history);
        await using var b = await PlainNode.StartAsync(new NodeLocation("eu", Machine: "e2"), _history, a);
        await Eventually.TrueAsync(() => a.Control.Nodes.Count(node => node.Report is not null) == 2, "the nodes know each other's reports");
        var shard = PlainNode.ShardOf("eu/bob");
        var at = await b.WhereIs("eu/bob");
        var other = at == a.Address ? b : a;

        // From the node that is not the coordinator's.
        var moved = await b.Control.RehomeAsync(PlainNode.TypeName, shard, other.Address);
        Assert.Equal((PlacementCommandOutcome.Done, other.Address), (moved.Outcome, moved.Node));
        Assert.Equal(other.Address, await b.WhereIs("eu/bob"));
        Assert.Equal(PlacementCommandOutcome.AlreadySo, (await b.Control.RehomeAsync(PlainNode.TypeName, shard, other.Address)).Outcome);
        Assert.Equal(PlacementCommandOutcome.NoSuchNode, (await b.Control.DrainAsync("akka.tcp://plain@nowhere:1")).Outcome);

        Assert.Equal(PlacementCommandOutcome.Done, (await b.Control.DrainAsync(other.Address)).Outcome);
        Assert.Equal(PlacementCommandOutcome.AlreadySo, (await b.Control.DrainAsync(other.Address)).Outcome);
        await Eventually.TrueAsync(() => b.Control.ShardsLeftOn(other.Address).GetValueOrDefault(PlainNode.TypeName, -1) == 0, "the node is empty");
        Assert.Equal(at, await b.WhereIs("eu/bob"));
        Assert.Contains(a.Control.Nodes, node => node.Node == other.Address && node.IsDraining);
        Assert.True((await a.Control.UndrainAsync(other.Address)).IsDone);

        Assert.True((await a.Control.CordonAsync(at)).IsDone);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(other.Address, await b.WhereIs($"eu/{new string('x', i)}{(PlainNode.ShardOf($"eu/{new string('x', i)}") == shard ? "y" : "")}"));
        }
    }
}
