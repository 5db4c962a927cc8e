using AkkaDurable.Storage;

namespace AkkaDurable.Cluster.Tests.Groups;

/// <summary>Three nodes over a store in memory, all running chatters.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "IAsyncLifetime disposes of it.")]
public sealed class ThreeNodeCluster : IAsyncLifetime
{
    private readonly InMemoryStateStore _store = new();
    private readonly List<TestNode> _nodes = [];
    private readonly List<IDurableServers<Chatter>> _chatters = [];

    internal IReadOnlyList<TestNode> Nodes => _nodes;

    internal TestNode First => _nodes[0];

    internal TestNode Second => _nodes[1];

    internal TestNode Third => _nodes[2];

    internal IDurableServers<Chatter> Chatters => _chatters[0];

    public async Task InitializeAsync()
    {
        for (var i = 0; i < 3; i++)
        {
            await StartAsync();
        }

        // Together, since the shards' coordinator waits for all.
        _chatters.AddRange(await Task.WhenAll(_nodes.Select(RegisterAsync)));
    }

    public async Task DisposeAsync()
    {
        foreach (var node in Enumerable.Reverse(_nodes))
        {
            await node.DisposeAsync();
        }

        await _store.DisposeAsync();
    }

    internal async Task<TestNode> AddAsync()
    {
        var node = await StartAsync();
        _chatters.Add(await RegisterAsync(node));
        return node;
    }

    internal async Task LoseAsync(TestNode lost)
    {
        _nodes.Remove(lost);
        var address = lost.Address;
        await lost.System.Terminate();
        global::Akka.Cluster.Cluster.Get(First.System).Down(address);
    }

    internal async Task CountIsAsync(TestNode node, string group, int count, string? cluster = null) => await Eventually.TrueAsync(
        async () => await node.Servers.Groups.CountAsync(group, cluster) == count, $"{group} has {count} members on {node.Address}");

    private static async Task<IDurableServers<Chatter>> RegisterAsync(TestNode node)
    {
        var chatters = await node.Servers.RegisterAsync<Chatter>("chatter", new DurableServerOptions { ShardCount = 20, CallTimeout = TimeSpan.FromSeconds(20) });
        await node.UntilItTakesShardsAsync("chatter");
        return chatters;
    }

    private async Task<TestNode> StartAsync()
    {
        var node = await TestNode.StartAsync(_store, _nodes.FirstOrDefault(), setup => setup.Groups.CompareEvery = TimeSpan.FromMilliseconds(200));
        _nodes.Add(node);
        return node;
    }
}
