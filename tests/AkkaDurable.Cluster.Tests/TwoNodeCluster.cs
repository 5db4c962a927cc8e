using AkkaDurable.Storage;

namespace AkkaDurable.Cluster.Tests;

/// <summary>Two nodes in one cluster over a store in memory, both running tallies.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "IAsyncLifetime disposes of it.")]
public sealed class TwoNodeCluster : IAsyncLifetime
{
    private readonly InMemoryStateStore _store = new();
    private TestNode? _first;
    private TestNode? _second;

    internal TestNode First => _first!;

    internal TestNode Second => _second!;

    internal IStateStore Store => _store;

    internal IDurableServers<Tally> FromFirst { get; private set; } = null!;

    internal IDurableServers<Tally> FromSecond { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _first = await TestNode.StartAsync(_store);
        _second = await TestNode.StartAsync(_store, _first);
        var options = () => new DurableServerOptions { ShardCount = 20, CallTimeout = TimeSpan.FromSeconds(20) };
        FromFirst = await First.Servers.RegisterAsync<Tally>("tally", options());
        FromSecond = await Second.Servers.RegisterAsync<Tally>("tally", options());
        await Task.WhenAll(First.UntilItTakesShardsAsync("tally"), Second.UntilItTakesShardsAsync("tally"));
    }

    public async Task DisposeAsync()
    {
        await Second.DisposeAsync();
        await First.DisposeAsync();
        await _store.DisposeAsync();
    }

    /// <summary>A key whose server runs on the other node than the one that is asked.</summary>
    internal async Task<string> KeyAwayFromAsync(TestNode node, string prefix)
    {
        var servers = node == First ? FromFirst : FromSecond;
        string? found = null;

        // On a busy machine all shards may have begun on the first node; the cluster then levels them in its own time.
        await Eventually.TrueAsync(
            async () =>
            {
                for (var i = 0; i < 200 && found is null; i++)
                {
                    var key = $"{prefix}-{i}";
                    await servers[key].CallAsync(new GetCount());
                    found = (await servers[key].InfoAsync())!.Node != node.Address.ToString() ? key : null;
                }

                return found is not null;
            },
            "a server runs on the other node",
            within: TimeSpan.FromSeconds(60));
        return found!;
    }
}
