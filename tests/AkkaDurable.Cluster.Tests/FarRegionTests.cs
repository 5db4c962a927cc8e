using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AkkaDurable.Placement;
using AkkaDurable.Storage;
using AkkaDurable.TestSupport.Network;
using Xunit.Abstractions;

namespace AkkaDurable.Cluster.Tests;

/// <summary>Two regions that are 80 ms apart: what stays within a region does not wait for the other one, even while the coordinator is there.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "IAsyncLifetime disposes of it.")]
public sealed class FarRegionTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Calls = 300;
    private static readonly TimeSpan s_oneWay = TimeSpan.FromMilliseconds(40);

    private readonly InMemoryStateStore _store = new();
    private readonly RegionNetwork _network = new();
    private readonly List<TestNode> _nodes = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _network.DelayBetweenRegions(TimeSpan.Zero);
        foreach (var node in Enumerable.Reverse(_nodes))
        {
            await node.DisposeAsync();
        }

        await _network.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task A_call_within_the_home_region_does_not_wait_for_the_coordinator_in_the_other_one()
    {
        // The oldest node runs the coordinator.
        var coordinator = await StartAsync("us");
        var (caller, owner) = (await StartAsync("eu"), await StartAsync("eu"));
        await RegisterAsync(coordinator);
        var (servers, _) = (await RegisterAsync(caller), await RegisterAsync(owner));
        await Task.WhenAll(_nodes.Select(static node => node.UntilItTakesShardsAsync("tally")));
        var near = await MedianAsync(servers, "eu");

        _network.DelayBetweenRegions(s_oneWay);
        var whileFar = await MedianAsync(servers, "eu");
        var across = await MedianAsync(servers, "us", calls: 20);

        output.WriteLine($"median of a call in its home region: {near.TotalMilliseconds:0.000} ms, with 80 ms between the regions {whileFar.TotalMilliseconds:0.000} ms; to the other region {across.TotalMilliseconds:0.0} ms");
        Assert.True(across >= s_oneWay * 2, $"a call across takes {across.TotalMilliseconds:0.0} ms");
        Assert.True(whileFar < s_oneWay / 2, $"a call within the region takes {whileFar.TotalMilliseconds:0.0} ms");
    }

    private static async Task<TimeSpan> MedianAsync(IDurableServers<Tally> servers, string region, int calls = Calls)
    {
        // Each key once before, so that no start is measured.
        for (var i = 0; i < 10; i++)
        {
            await servers[$"{region}-{i}"].CallAsync(new GetCount());
        }

        var times = new List<TimeSpan>();
        for (var i = 0; i < calls; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await servers[$"{region}-{i % 10}"].CallAsync(new GetCount());
            times.Add(Stopwatch.GetElapsedTime(start));
        }

        times.Sort();
        return times[times.Count / 2];
    }

    private async Task<TestNode> StartAsync(string region)
    {
        var port = FreePort();
        var roles = string.Join(", ", new NodeLocation(region).MergeRoles().Select(static role => $"\"{role}\""));
        var node = await TestNode.StartAsync(
            _store, _nodes.FirstOrDefault(), hocon: $"akka.remote.dot-netty.tcp {{ port = {port}, public-port = {_network.Add(region, port)} }}\nakka.cluster.roles = [{roles}]");
        _nodes.Add(node);
        return node;
    }

    private static Task<IDurableServers<Tally>> RegisterAsync(TestNode node) => node.Servers.RegisterAsync<Tally>(
        "tally", new DurableServerOptions { ShardCount = 20, CallTimeout = TimeSpan.FromSeconds(20), HomeRegion = static key => key[..2] });

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
