using AkkaDurable.Placement;
using AkkaDurable.Storage;

namespace AkkaDurable.Cluster.Tests;

/// <summary>Two regions: which node runs a key, what callers are told while its region is away, and how servers are moved.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "IAsyncLifetime disposes of it.")]
public sealed class RegionTests : IAsyncLifetime
{
    private const string Quick = "akka.cluster.sharding { rebalance-interval = 500ms, retry-interval = 200ms }";

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
    public async Task Every_key_is_served_in_its_home_region_whoever_calls()
    {
        var (eu, us) = (await StartAsync("eu"), await StartAsync("us"));
        var (fromEu, fromUs) = (await RegisterAsync(eu), await RegisterAsync(us));
        await UntilTheyTakeShardsAsync(eu, us);

        for (var i = 0; i < 20; i++)
        {
            await AssertServedAsync(fromEu, $"us-{i}", us);
            await AssertServedAsync(fromUs, $"eu-{i}", eu);
        }
    }

    [Fact]
    public async Task A_first_call_is_served_at_home_though_the_node_there_is_only_just_starting_the_type()
    {
        var eu = await StartAsync("eu");
        var fromEu = await RegisterAsync(eu, arrivalTime: TimeSpan.FromMinutes(1));
        await AssertServedAsync(fromEu, "eu-a", eu);
        var us = await StartAsync("us");

        // Another type: the node takes part in sharding already, as all do while they start one type after the other.
        await us.Servers.RegisterAsync<Notebook>("other", new DurableServerOptions());
        var call = fromEu["us-a"].CallAsync(new Increment()).AsTask();
        await Eventually.TrueAsync(
            async () => (await fromEu["us-a"].ExplainPlacementAsync())?.Reason == PlacementReason.NodeArriving, "its shard waits for the node");

        await RegisterAsync(us, arrivalTime: TimeSpan.FromMinutes(1));
        Assert.Equal(1, await call);
        await AssertServedAsync(fromEu, "us-a", us);
    }

    [Fact]
    public async Task Nobody_waits_for_a_node_at_home_whose_roles_say_that_it_does_not_run_the_type()
    {
        var eu = await StartAsync("eu", roles: "host");
        await eu.Servers.RegisterAsync<Tally>("tally", OnHosts());
        var us = await StartAsync("us");
        await AssertServedAsync(await us.Servers.RegisterAsync<Tally>("tally", OnHosts()), "us-a", eu);

        // Whoever waited would do so for longer than a call does.
        static DurableServerOptions OnHosts() => new()
        {
            Role = "host",
            ShardCount = 20,
            CallTimeout = TimeSpan.FromSeconds(20),
            HomeRegion = static key => key[..2],
            Placement = new PlacementOptions { ArrivalTime = TimeSpan.FromMinutes(1) },
        };
    }

    [Fact]
    public async Task A_key_without_a_home_stays_in_the_region_of_its_first_caller()
    {
        var (eu, us) = (await StartAsync("eu"), await StartAsync("us"));
        var (fromEu, fromUs) = (await RegisterAsync(eu, homeRegion: null), await RegisterAsync(us, homeRegion: null));
        await UntilTheyTakeShardsAsync(eu, us);

        await fromUs["a"].CallAsync(new Increment());

        await AssertServedAsync(fromEu, "a", us);
    }

    [Fact]
    public async Task A_pinned_key_fails_at_once_while_its_region_is_away_and_comes_back_with_it()
    {
        var pinned = PlacementPolicy.StickTo(Locality.Region, Timeout.InfiniteTimeSpan);
        var (eu, us) = (await StartAsync("eu"), await StartAsync("us"));
        var fromEu = await RegisterAsync(eu, policy: pinned);
        await RegisterAsync(us, policy: pinned);
        await UntilTheyTakeShardsAsync(eu, us);
        Assert.Equal(1, await fromEu["us-a"].CallAsync(new Increment()));

        await LoseAsync(us, seenBy: eu);

        PlacementUnavailableException? told = null;
        await Eventually.TrueAsync(
            async () =>
            {
                told = await Record.ExceptionAsync(() => fromEu["us-a"].CallAsync(new Increment(), TimeSpan.FromSeconds(10)).AsTask()) as PlacementUnavailableException;
                return told is not null;
            },
            "the caller is told that the key has no place");
        Assert.Equal(CallOutcome.NotApplied, told!.Outcome);

        // From now on at once: nothing is sent.
        Assert.True(fromEu["us-b"].CallAsync(new GetCount()).AsTask() is var other && !other.IsCompletedSuccessfully);
        Assert.Equal(1, await fromEu["eu-a"].CallAsync(new Increment()));

        await RegisterAsync(await StartAsync("us"), policy: pinned);
        await Eventually.TrueAsync(async () => await AnswersAsync(fromEu, "us-a"), "the key answers again when its region is back");
        Assert.Equal(1, await fromEu["us-a"].CallAsync(new GetCount()));
    }

    [Fact]
    public async Task A_key_with_a_fallback_answers_elsewhere_after_its_hold_and_moves_home_again()
    {
        var policy = PlacementPolicy.StickTo(Locality.Region, TimeSpan.FromSeconds(2)).ThenAnywhere();
        var (eu, us) = (await StartAsync("eu"), await StartAsync("us"));
        var fromEu = await RegisterAsync(eu, policy: policy);
        await RegisterAsync(us, policy: policy);
        await UntilTheyTakeShardsAsync(eu, us);
        Assert.Equal(1, await fromEu["us-a"].CallAsync(new Increment()));

        await LoseAsync(us, seenBy: eu);
        await Eventually.TrueAsync(async () => await AnswersAsync(fromEu, "us-a"), "the key answers in the other region");
        Assert.Equal(eu.Address.ToString(), (await fromEu["us-a"].InfoAsync())!.Node);

        var back = await StartAsync("us");
        await RegisterAsync(back, policy: policy);
        await Eventually.TrueAsync(
            async () => await AnswersAsync(fromEu, "us-a") && (await fromEu["us-a"].InfoAsync())!.Node == back.Address.ToString(), "the key is home again", TimeSpan.FromSeconds(40));
        Assert.Equal(1, await fromEu["us-a"].CallAsync(new GetCount()));
    }

    [Fact]
    public async Task An_operator_moves_a_server_while_it_is_called_and_no_call_fails()
    {
        var (one, two) = (await StartAsync("eu"), await StartAsync("eu"));
        var servers = await RegisterAsync(one);
        await RegisterAsync(two);
        await UntilTheyTakeShardsAsync(one, two);
        Assert.Equal(1, await servers["eu-a"].CallAsync(new Increment()));
        var target = (await servers["eu-a"].InfoAsync())!.Node == one.Address.ToString() ? two : one;
        using var enough = new CancellationTokenSource();
        var calls = Task.Run(async () =>
        {
            var acknowledged = 1;
            while (!enough.IsCancellationRequested)
            {
                await servers["eu-a"].CallAsync(new Increment());
                acknowledged++;
            }

            return acknowledged;
        });

        var moved = await servers["eu-a"].RehomeAsync(target.Address.ToString());

        Assert.Equal(PlacementCommandOutcome.Done, moved.Outcome);
        await enough.CancelAsync();
        Assert.Equal(await calls, await servers["eu-a"].CallAsync(new GetCount()));
        Assert.Equal(target.Address.ToString(), (await servers["eu-a"].InfoAsync())!.Node);
        Assert.Equal(target.Address.ToString(), (await servers["eu-a"].ExplainPlacementAsync())!.Node);
    }

    [Fact]
    public async Task A_drained_node_ends_up_empty_and_no_call_fails()
    {
        var (one, two) = (await StartAsync("eu"), await StartAsync("eu"));
        var servers = await RegisterAsync(one);
        await RegisterAsync(two);
        await UntilTheyTakeShardsAsync(one, two);
        for (var i = 0; i < 60; i++)
        {
            await servers[$"eu-{i}"].CallAsync(new Increment());
        }

        var control = PlacementControl.Get(one.System);
        Assert.True((await control.DrainAsync(two.Address.ToString())).IsDone);

        await Eventually.TrueAsync(
            async () =>
            {
                var nodes = new HashSet<string>();
                for (var i = 0; i < 60; i++)
                {
                    Assert.Equal(1, await servers[$"eu-{i}"].CallAsync(new GetCount()));
                    nodes.Add((await servers[$"eu-{i}"].InfoAsync())!.Node);
                }

                return !nodes.Contains(two.Address.ToString());
            },
            "all servers are on the other node",
            TimeSpan.FromSeconds(40));
    }

    [Fact]
    public async Task A_full_node_refuses_the_next_server_by_name_of_the_limit_and_takes_it_when_one_has_gone()
    {
        var node = await StartAsync("eu", new CapacityLimits { MaxServers = 2 });
        var servers = await RegisterAsync(node);
        await servers["eu-a"].CallAsync(new Increment());
        await servers["eu-b"].CallAsync(new Increment());

        var refused = await Assert.ThrowsAsync<CapacityExceededException>(async () => await servers["eu-c"].CallAsync(new Increment()));
        Assert.Contains("MaxServers", refused.Message, StringComparison.Ordinal);

        await servers["eu-a"].StopAsync();
        await Eventually.TrueAsync(async () => await AnswersAsync(servers, "eu-c"), "there is room again");
    }

    private async Task<TestNode> StartAsync(string region, CapacityLimits? limits = null, params string[] roles)
    {
        var allRoles = string.Join(", ", new NodeLocation(region).MergeRoles(roles).Select(static role => $"\"{role}\""));
        var node = await TestNode.StartAsync(
            _store, _nodes.Find(static node => !node.System.WhenTerminated.IsCompleted), hocon: $"akka.cluster.roles = [{allRoles}]\n{Quick}", placement: new PlacementSetup { ReportEvery = TimeSpan.FromMilliseconds(300), Limits = limits ?? CapacityLimits.None });
        _nodes.Add(node);
        return node;
    }

    private static Task UntilTheyTakeShardsAsync(params TestNode[] nodes) => Task.WhenAll(nodes.Select(static node => node.UntilItTakesShardsAsync("tally")));

    private static Task<IDurableServers<Tally>> RegisterAsync(TestNode node, PlacementPolicy? policy = null, TimeSpan? arrivalTime = null) => RegisterAsync(node, static key => key[..2], policy, arrivalTime);

    private static Task<IDurableServers<Tally>> RegisterAsync(TestNode node, Func<string, string?>? homeRegion, PlacementPolicy? policy = null, TimeSpan? arrivalTime = null) => node.Servers.RegisterAsync<Tally>(
        "tally",
        new DurableServerOptions
        {
            ShardCount = 20,
            CallTimeout = TimeSpan.FromSeconds(20),
            HomeRegion = homeRegion,
            Placement = new PlacementOptions { Policy = policy ?? PlacementPolicy.Anywhere, StabilisationTime = TimeSpan.FromSeconds(1), ArrivalTime = arrivalTime ?? TimeSpan.FromSeconds(5) },
        });

    // As after kill -9: it says goodbye to nobody.
    private static async Task LoseAsync(TestNode lost, TestNode seenBy)
    {
        var address = lost.Address;
        await lost.System.Terminate();
        global::Akka.Cluster.Cluster.Get(seenBy.System).Down(address);
    }

    private static async Task AssertServedAsync(IDurableServers<Tally> servers, string key, TestNode by)
    {
        await servers[key].CallAsync(new GetCount());
        Assert.Equal(by.Address.ToString(), (await servers[key].InfoAsync())!.Node);
    }

    private static async Task<bool> AnswersAsync(IDurableServers<Tally> servers, string key) =>
        await Record.ExceptionAsync(() => servers[key].CallAsync(new GetCount(), TimeSpan.FromSeconds(1)).AsTask()) is null;
}
