using AkkaDurable.Storage;

namespace AkkaDurable.Cluster.Tests.Healing;

/// <summary>Permanent servers run always, whatever becomes of their nodes, although nobody calls them.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "IAsyncLifetime disposes of it.")]
public sealed class RecoveryTests : IAsyncLifetime
{
    private const int Keys = 40;

    private readonly InMemoryStateStore _store = new();
    private readonly List<TestNode> _nodes = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var node in Enumerable.Reverse(_nodes))
        {
            await node.DisposeAsync();
        }

        await _store.DisposeAsync();
    }

    [Fact]
    public async Task What_ran_on_a_node_that_left_runs_elsewhere_without_a_call()
    {
        await StartNodesAsync(3);
        await StartServersAsync();
        var gone = _nodes[2];
        await Eventually.TrueAsync(async () => (await OwnersAsync()).Contains(gone.Address.ToString()), "the third node got some servers");
        _nodes.Remove(gone);
        await gone.LeaveAsync();
        await AllRunAsync("they moved", but: gone.Address.ToString());
    }

    [Fact]
    public async Task After_a_restart_of_the_whole_cluster_all_run_without_a_call()
    {
        await StartNodesAsync(2);
        await StartServersAsync();
        await StopAllAsync();
        Assert.All(await RecordsAsync(), record => Assert.Equal(ServerStatus.StoppedGraceful, record.Status));
        await StartNodesAsync(2);
        await AllRunAsync("the cluster is back");
    }

    [Fact]
    public async Task Records_of_nodes_that_vanished_are_found_once_their_lease_is_gone()
    {
        // What a kill -9 leaves: running, by a node that is none, under a lease that nobody renews.
        await _store.CreateLeaseAsync(4711, "akka.tcp://test@127.0.0.1:1", TimeSpan.FromSeconds(1));
        for (var i = 0; i < Keys; i++)
        {
            var claim = await _store.ClaimAsync(new ClaimRequest(Id(i), 1 + i, "akka.tcp://test@127.0.0.1:1", true, 1) { LeaseId = 4711 });
            await _store.SaveAsync(new SaveRequest(Id(i), claim.Record.Token, 0, ServerStatus.Running, 1, """{"Count":7}"""u8.ToArray()) { IsPermanent = true });
        }

        await StartNodesAsync(2);
        await AllRunAsync("the lease ran out", but: "akka.tcp://test@127.0.0.1:1");
        Assert.Equal(7, await Servers(0)["k-0"].CallAsync(new GetCount()));
    }

    [Fact]
    public async Task Servers_without_leases_come_back_when_their_node_does_at_the_same_address()
    {
        await StartNodesAsync(1, options => options.Reads = ReadPolicy.Fast, port: 0);
        await StartServersAsync();
        var port = _nodes[0].Address.Port!.Value;

        // As if the process had been killed: the records say that they run, at the address at which another process will be.
        var records = await RecordsAsync();
        await StopAllAsync();
        foreach (var record in await RecordsAsync())
        {
            await _store.ClaimAsync(new ClaimRequest(record.Id, 99, records[0].Owner, true, 1));
        }

        Assert.All(await RecordsAsync(), record => Assert.Equal((ServerStatus.Running, 0L), (record.Status, record.LeaseId)));
        await StartNodesAsync(1, options => options.Reads = ReadPolicy.Fast, port: port);
        await Eventually.TrueAsync(async () => await RunningAsync() == Keys, "all run again");
    }

    [Fact]
    public async Task Those_that_are_to_stay_down_do()
    {
        await StartNodesAsync(2);
        await StartServersAsync();
        var servers = Servers(0);
        Assert.True(await servers["k-0"].StopPermanentlyAsync());
        Assert.True(await servers["k-1"].CordonAsync());
        Assert.True(await servers["k-2"].DeleteAsync());
        await StopAllAsync();
        await StartNodesAsync(2);
        await Eventually.TrueAsync(async () => await RunningAsync() == Keys - 3, "the others run again");
        var records = (await RecordsAsync()).ToDictionary(record => record.Id.Key, record => record.Status);
        Assert.Equal(ServerStatus.StoppedPermanent, records["k-0"]);
        Assert.Equal(ServerStatus.Cordoned, records["k-1"]);
        Assert.DoesNotContain("k-2", records.Keys);
        await Assert.ThrowsAsync<ServerCordonedException>(async () => await Servers(1)["k-1"].CallAsync(new GetCount()));
        await Assert.ThrowsAsync<ServerCordonedException>(async () => await Servers(0)["k-1"].StartAsync());
        Assert.True(await Servers(1)["k-1"].UncordonAsync());
        await Eventually.TrueAsync(async () => await Servers(0)["k-1"].IsRunningAsync(), "uncordoned, it runs again by itself");
    }

    [Fact]
    public async Task One_that_was_stopped_in_order_is_started_again()
    {
        await StartNodesAsync(1);
        await StartServersAsync();
        Assert.True(await Servers(0)["k-3"].StopAsync());
        await Eventually.TrueAsync(() => Servers(0)["k-3"].IsRunningAsync().AsTask(), "it is started again");
    }

    [Fact]
    public async Task One_that_crashes_in_a_loop_is_given_up_and_the_others_run()
    {
        await StartNodesAsync(2, options =>
        {
            options.MaxCrashes = 3;
            options.RestartDelay = TimeSpan.FromMilliseconds(10);
        });
        await StartServersAsync();
        for (var i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<HandlerFailedException>(async () => await Servers(0)["k-5"].CallAsync(new Fail($"bug {i}")));
        }

        var crashed = await Assert.ThrowsAsync<ServerCrashedException>(async () => await Servers(1)["k-5"].CallAsync(new GetCount()));
        Assert.Equal(["InvalidOperationException: bug 0", "InvalidOperationException: bug 1", "InvalidOperationException: bug 2"], crashed.Crashes.Select(crash => crash.Reason));
        Assert.Equal(Keys - 1, await RunningAsync());
        Assert.Equal(ServerStatus.PermanentlyCrashed, (await Servers(1)["k-5"].InfoAsync())!.Status);
        await Servers(1)["k-5"].StartAsync();
        Assert.Equal(0, await Servers(0)["k-5"].CallAsync(new GetCount()));
        Assert.Equal(3, (await Servers(0)["k-5"].InfoAsync())!.Crashes.Count);
    }

    private static ServerId Id(int number) => new("tally", $"k-{number}");

    private IDurableServers<Tally> Servers(int node) => _nodes[node].Servers.For<Tally>();

    private async Task StartNodesAsync(int count, Action<DurableServerOptions>? configure = null, int port = 0)
    {
        for (var i = 0; i < count; i++)
        {
            var node = await TestNode.StartAsync(_store, _nodes.FirstOrDefault(), setup => setup.LeaseTimeToLive = TimeSpan.FromSeconds(1), $"akka.remote.dot-netty.tcp.port = {port}");
            _nodes.Add(node);
            var options = new DurableServerOptions { ShardCount = 20, CallTimeout = TimeSpan.FromSeconds(20), Permanent = true, RecoveryInterval = TimeSpan.FromSeconds(1) };
            configure?.Invoke(options);
            await node.Servers.RegisterAsync<Tally>("tally", options);
            await node.UntilItTakesShardsAsync("tally");
        }
    }

    private async Task StopAllAsync()
    {
        foreach (var node in Enumerable.Reverse(_nodes))
        {
            await node.LeaveAsync();
        }

        _nodes.Clear();
    }

    private async Task StartServersAsync()
    {
        for (var i = 0; i < Keys; i++)
        {
            await Servers(0)[$"k-{i}"].EnsureStartedAsync();
        }

        Assert.All(await RecordsAsync(), record => Assert.True(record.IsPermanent));
    }

    private Task<IReadOnlyList<StoredServer>> RecordsAsync() => _store.ListAsync(new ServerQuery("tally") { PageSize = 1_000 });

    private async Task<IReadOnlyList<string>> OwnersAsync() => [.. (await RecordsAsync()).Select(record => record.Owner)];

    // By the nodes' own tables, which no call changes.
    private Task<int> RunningAsync() => Task.FromResult(_nodes.Sum(node => node.Servers.Node.TypeOf("tally").Activations.Count));

    private Task AllRunAsync(string what, string? but = null) => Eventually.TrueAsync(
        async () => await RunningAsync() == Keys && (await RecordsAsync()).All(record => record.Status == ServerStatus.Running && record.Owner != but),
        what,
        TimeSpan.FromSeconds(30));
}
