namespace AkkaDurable.Cluster.Tests;

/// <summary>What the directory tells of servers, wherever they run.</summary>
public sealed class DirectoryTests(TwoNodeCluster cluster) : IClassFixture<TwoNodeCluster>
{
    [Fact]
    public async Task Servers_are_listed_counted_and_filtered_from_any_node()
    {
        var prefix = $"dir-{Guid.NewGuid():N}-";
        string[] keys = [.. Enumerable.Range(0, 12).Select(i => $"{prefix}{i:00}")];
        foreach (var key in keys)
        {
            await cluster.FromFirst[key].CallAsync(new Increment(3));
        }

        await cluster.FromFirst[keys[0]].StopAsync();
        await cluster.FromSecond[keys[1]].StopPermanentlyAsync();
        await cluster.FromFirst[keys[2]].CordonAsync();
        foreach (var servers in new[] { cluster.FromFirst, cluster.FromSecond })
        {
            List<ServerInfo> all = [];
            await foreach (var info in servers.AllAsync(new ServerFilter { KeyPrefix = prefix }))
            {
                all.Add(info);
            }

            Assert.Equal(keys, all.Select(info => info.Key));
            Assert.Equal([ServerStatus.StoppedGraceful, ServerStatus.StoppedPermanent, ServerStatus.Cordoned], all.Take(3).Select(info => info.Status));
            Assert.All(all.Skip(3), info => Assert.True(info.IsRunning));

            var page = await servers.ListAsync(new ServerFilter { KeyPrefix = prefix }, afterKey: null, pageSize: 5);
            Assert.Equal(keys[..5], page.Servers.Select(info => info.Key));
            page = await servers.ListAsync(new ServerFilter { KeyPrefix = prefix }, page.NextKey, pageSize: 10);
            Assert.Equal(keys[5..], page.Servers.Select(info => info.Key));
            Assert.Null(page.NextKey);

            var counts = await servers.CountAsync(new ServerFilter { KeyPrefix = prefix });
            Assert.Equal(9, counts[ServerStatus.Running]);
            Assert.Equal(1, counts[ServerStatus.Cordoned]);
            Assert.Equal(12, counts.Values.Sum());

            var node = all[5].Node;
            page = await servers.ListAsync(new ServerFilter { KeyPrefix = prefix, Node = node, Status = ServerStatus.Running }, afterKey: null, pageSize: 100);
            Assert.Equal(all.Where(info => info.Node == node && info.Status == ServerStatus.Running).Select(info => info.Key), page.Servers.Select(info => info.Key));
            Assert.Empty((await servers.ListAsync(new ServerFilter { KeyPrefix = prefix, IsPermanent = true }, afterKey: null, pageSize: 100)).Servers);
        }
    }

    [Fact]
    public async Task The_state_and_the_crashes_of_a_server_on_another_node_are_told()
    {
        var key = await cluster.KeyAwayFromAsync(cluster.First, "told");
        var server = cluster.FromFirst[key];
        await server.CallAsync(new Increment(3));
        await Assert.ThrowsAsync<HandlerFailedException>(() => server.CallAsync(new Fail("boom")).AsTask());
        await server.CallAsync(new GetCount());

        var info = (await server.InfoAsync(includeState: true))!;
        Assert.True(info.IsRunning);
        Assert.Equal("""{"Count":3}""", info.StoredState);
        Assert.NotNull(info.CreatedAt);
        Assert.Contains(info.Node, info.Places.Select(place => place.Node));
        var crash = Assert.Single(info.Crashes);
        Assert.Equal("InvalidOperationException: boom", crash.Reason);
        Assert.Equal(info.Node, crash.Node);
        var brief = (await server.InfoAsync(includeState: false))!;
        Assert.Null(brief.StoredState);
        Assert.Empty(brief.Places);

        await server.StopAsync();
        info = (await server.InfoAsync(includeState: true))!;
        Assert.False(info.IsRunning);
        Assert.Equal("""{"Count":3}""", info.StoredState);
        Assert.Equal(crash, Assert.Single(info.Crashes));
        Assert.Null(await cluster.FromFirst[$"{key}-never"].InfoAsync(includeState: true));
    }

    [Fact]
    public async Task Crashes_reach_callers_on_other_nodes()
    {
        var key = await cluster.KeyAwayFromAsync(cluster.First, "crashes");
        var server = cluster.FromFirst[key];
        for (var i = 0; i < 5; i++)
        {
            await Assert.ThrowsAsync<HandlerFailedException>(() => server.CallAsync(new Fail($"boom {i}")).AsTask());
        }

        var error = await Assert.ThrowsAsync<ServerCrashedException>(() => server.CallAsync(new GetCount()).AsTask());
        Assert.Equal(Enumerable.Range(0, 5).Select(i => $"InvalidOperationException: boom {i}"), error.Crashes.Select(crash => crash.Reason));
        Assert.Equal(StartOutcome.Resumed, await server.StartAsync());
        Assert.Equal(0, await server.CallAsync(new GetCount()));
    }
}
