using System.Net;
using System.Net.Sockets;
using AkkaDurable.Storage;
using AkkaDurable.TestSupport.Network;

namespace AkkaDurable.Cluster.Tests.Groups;

/// <summary>A network that is cut and heals before anybody is put out.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "IAsyncLifetime disposes of it.")]
public sealed class PartitionTests : IAsyncLifetime
{
    private readonly InMemoryStateStore _store = new();
    private readonly RegionNetwork _network = new();
    private readonly List<TestNode> _nodes = [];

    public async Task InitializeAsync()
    {
        foreach (var region in new[] { "a", "a", "b" })
        {
            var node = await TestNode.StartAsync(_store, _nodes.FirstOrDefault(), setup => setup.Groups.CompareEvery = TimeSpan.FromMilliseconds(200), hocon: Place(region));
            await node.Servers.RegisterAsync<Chatter>("chatter", new DurableServerOptions { ShardCount = 20, CallTimeout = TimeSpan.FromSeconds(20) });
            _nodes.Add(node);
        }
    }

    public async Task DisposeAsync()
    {
        _network.Heal();
        foreach (var node in Enumerable.Reverse(_nodes))
        {
            await node.DisposeAsync();
        }

        await _network.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task Members_of_the_other_side_are_kept_and_what_changed_is_told_when_the_network_heals()
    {
        var (here, there) = (_nodes[0].Servers.Groups, _nodes[2].Servers.Groups);
        await using var fromHere = await here.SubscribeAsync("both", Meta("here"));
        var fromThere = await there.SubscribeAsync("both", Meta("there"));
        await using var pictureHere = new Picture(_nodes[1], LifecycleFilter.Group("both"));
        await using var pictureThere = new Picture(_nodes[2], LifecycleFilter.Group("both"));
        await pictureHere.UntilAsync(picture => picture.Now.Count == 2, "both are told here");
        await pictureThere.UntilAsync(picture => picture.Now.Count == 2, "both are told there");

        _network.CutOff("b");
        var cluster = global::Akka.Cluster.Cluster.Get(_nodes[0].System);
        await Eventually.TrueAsync(() => Task.FromResult(cluster.State.Unreachable.Count == 1), "the third node is out of reach");
        await using var newHere = await here.SubscribeAsync("both", Meta("new here"));
        await fromThere.DisposeAsync();
        await using var newThere = await there.SubscribeAsync("both", Meta("new there"));
        await using var newGroupThere = await there.SubscribeAsync("other", Meta("other"));
        await pictureHere.UntilAsync(picture => picture.Now.Count == 3, "the new member here is told, and the one there is kept");
        await pictureThere.UntilAsync(picture => picture.Now.Values.Select(told => told.Meta["v"]).Order().SequenceEqual(["here", "new there"]), "what changed there is told there");

        _network.Heal();
        foreach (var picture in new[] { pictureHere, pictureThere })
        {
            await picture.UntilAsync(now => now.Now.Values.Select(told => told.Meta["v"]).Order().SequenceEqual(["here", "new here", "new there"]), "both sides see the same");
        }

        Assert.Equal(1, await here.CountAsync("other"));
    }

    [Fact]
    public async Task A_side_that_was_put_out_is_not_believed_any_more_when_the_network_heals()
    {
        var (here, there) = (_nodes[0].Servers.Groups, _nodes[2].Servers.Groups);
        await using var fromHere = await here.SubscribeAsync("split", Meta("here"));
        var fromThere = await there.SubscribeAsync("split", Meta("there"));
        await using var picture = new Picture(_nodes[1], LifecycleFilter.Group("split"));
        await picture.UntilAsync(now => now.Now.Count == 2, "both are told");

        _network.CutOff("b");
        var lost = _nodes[2];
        var cluster = global::Akka.Cluster.Cluster.Get(_nodes[0].System);
        await Eventually.TrueAsync(() => Task.FromResult(cluster.State.Unreachable.Count == 1), "the third node is out of reach");
        Assert.Equal(2, picture.Now.Count);
        cluster.Down(lost.Address);
        await picture.UntilAsync(now => now.Now.Count == 1, "the third node's member is gone");
        Assert.Equal((LifecycleEventKind.Left, LifecycleReason.NodeLost), (picture.Events.Last().Kind, picture.Events.Last().Reason!.Value));

        // It knows nothing of it, and goes on; all that it says waits in the network until that heals.
        await there.SubscribeAsync("split", Meta("late"));
        _network.Heal();
        for (var i = 0; i < 20; i++)
        {
            await using var passing = await here.SubscribeAsync("split", Meta("passing"));
            await picture.UntilAsync(now => now.Now.ContainsKey($"|split|{passing.Id}"), "who passes by is told");
        }

        await picture.UntilAsync(now => now.Now.Count == 1, "all who passed by are gone");
        Assert.DoesNotContain(picture.Events, told => told.Meta["v"] == "late");
        Assert.Equal(1, await here.CountAsync("split"));

        // Alone, it would wait for the others to see it leave.
        _nodes.Remove(lost);
        var alone = global::Akka.Cluster.Cluster.Get(lost.System);
        alone.Down(alone.SelfAddress);
        await lost.System.WhenTerminated.WaitAsync(TimeSpan.FromSeconds(30));

        // Its consumers are told the end.
        await foreach (var message in fromThere.Messages)
        {
            Assert.Fail($"Expected no message, got {message}.");
        }
    }

    private static Dictionary<string, string> Meta(string value) => new() { ["v"] = value };

    private string Place(string region)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        return $$"""
            akka.remote.dot-netty.tcp { port = {{port}}, public-hostname = 127.0.0.1, public-port = {{_network.Add(region, port)}} }
            akka.cluster.failure-detector { heartbeat-interval = 200ms, acceptable-heartbeat-pause = 1s }
            """;
    }
}
