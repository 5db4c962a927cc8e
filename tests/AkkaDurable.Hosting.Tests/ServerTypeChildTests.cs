using System.Threading.Channels;
using Akka.Actor;
using Akka.Hosting;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Storage;
using AkkaDurable.Supervision;
using Microsoft.Extensions.DependencyInjection;

namespace AkkaDurable.Hosting.Tests;

/// <summary>A whole server type as a child: database, type, dependents.</summary>
public sealed class ServerTypeChildTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Channel<string> _log = Channel.CreateUnbounded<string>();

    [Fact]
    public async Task While_the_child_is_stopped_none_of_its_servers_runs_and_calls_made_meanwhile_are_answered_when_it_is_started_again()
    {
        await using var host = await StartAsync();
        var tallies = host.Servers<Feed>();
        await Task.WhenAll(Keys(20).Select(key => tallies[key].CallAsync(new Add(2)).AsTask()));

        await TreeOf(host).TerminateChildAsync("feeds");

        foreach (var key in Keys(20))
        {
            var info = await tallies[key].InfoAsync();
            Assert.Equal((false, ServerStatus.StoppedGraceful), (info!.IsRunning, info.Status));
        }

        var calls = Keys(20).Select(key => tallies[key].CallAsync(new Add(), Patience).AsTask()).ToList();
        var start = tallies["new"].EnsureStartedAsync(timeout: Patience).AsTask();
        Assert.False(await tallies["k0"].IsRunningAsync());
        Assert.All(calls, call => Assert.False(call.IsCompleted));

        (await TreeOf(host).RestartChildAsync("feeds")).OrThrow();

        Assert.All(await Task.WhenAll(calls), count => Assert.Equal(3, count));
        Assert.Equal(StartOutcome.Created, await start);
    }

    [Fact]
    public async Task A_call_whose_time_is_over_while_the_type_is_held_did_not_run_and_never_does()
    {
        await using var host = await StartAsync(options => options.ResendAfter = TimeSpan.FromMilliseconds(100));
        var feed = host.Servers<Feed>()["a"];
        await feed.CallAsync(new Add(10));
        await TreeOf(host).TerminateChildAsync("feeds");

        // Sent again several times meanwhile: of each attempt it is known that it did not run.
        var late = await Assert.ThrowsAsync<PlacementUnavailableException>(async () => await feed.CallAsync(new Add(), TimeSpan.FromSeconds(1)));
        await Assert.ThrowsAsync<PlacementUnavailableException>(async () => await feed.EnsureStartedAsync(timeout: TimeSpan.FromMilliseconds(400)));
        (await TreeOf(host).RestartChildAsync("feeds")).OrThrow();

        Assert.Equal(CallOutcome.NotApplied, late.Outcome);
        Assert.Equal(10, await feed.CallAsync(new Add(0)));
    }

    [Fact]
    public async Task Casts_wait_in_order_and_no_more_messages_than_a_server_may_have_waiting()
    {
        await using var host = await StartAsync(options => options.MaxWaitingMessages = 4);
        var feed = host.Servers<Feed>()["a"];
        await TreeOf(host).TerminateChildAsync("feeds");

        for (var i = 1; i <= 4; i++)
        {
            feed.Cast(new Append(i));
        }

        await Assert.ThrowsAsync<OverloadedException>(async () => await feed.CallAsync(new Add(), Patience));
        (await TreeOf(host).RestartChildAsync("feeds")).OrThrow();

        string? text = null;
        await EventuallyAsync(async () =>
        {
            try
            {
                text = await feed.CallAsync(new GetText());
                return true;
            }
            catch (OverloadedException)
            {
                // They wait yet.
                return false;
            }
        });
        Assert.Equal("1234", text);
    }

    [Fact]
    public async Task Stopping_and_starting_the_child_under_load_loses_nothing_that_was_acknowledged_and_fails_no_call()
    {
        await using var host = await StartAsync();
        var feeds = host.Servers<Feed>();
        using var stop = new CancellationTokenSource();
        var load = Keys(12).Select(async key =>
        {
            var acknowledged = 0;
            while (!stop.IsCancellationRequested)
            {
                acknowledged++;
                Assert.Equal(acknowledged, await feeds[key].CallAsync(new Add(), Patience));
            }

            return (key, acknowledged);
        }).ToList();
        for (var i = 0; i < 10; i++)
        {
            await TreeOf(host).TerminateChildAsync("feeds");
            (await TreeOf(host).RestartChildAsync("feeds")).OrThrow();
            await feeds["k0"].CallAsync(new Add(0), Patience);
        }

        await stop.CancelAsync();
        foreach (var (key, acknowledged) in await Task.WhenAll(load))
        {
            Assert.Equal(acknowledged, await feeds[key].CallAsync(new Add(0)));
        }
    }

    [Fact]
    public async Task When_servers_crash_one_after_the_other_what_stands_behind_is_restarted_and_not_what_stands_before()
    {
        await using var host = await StartAsync(options =>
        {
            options.BreakerCrashes = 3;
            options.MaxCrashes = null;
        });
        var feeds = host.Servers<Feed>();
        await feeds["good"].CallAsync(new Add(7));
        await ExpectAsync("start db", "start behind");

        foreach (var key in Keys(3))
        {
            await Assert.ThrowsAsync<HandlerFailedException>(async () => await feeds[key].CallAsync(new Crash()));
        }

        // The feeds have stopped before what depends on them is stopped.
        HashSet<string> before = [];
        string entry;
        while ((entry = await _log.Reader.ReadAsync().AsTask().WaitAsync(Patience)) != "stop behind")
        {
            before.Add(entry);
        }

        Assert.All(before, stopped => Assert.StartsWith("terminate ", stopped, StringComparison.Ordinal));
        Assert.Contains("terminate good", before);
        await ExpectAsync("start behind");
        Assert.Equal(7, await feeds["good"].CallAsync(new Add(0)));
        Assert.Equal(1, (await TreeOf(host).WhichChildrenAsync()).Single(child => child.Id == "feeds").Restarts);

        // The breaker is closed, so it takes as many again.
        await Assert.ThrowsAsync<HandlerFailedException>(async () => await feeds["k1"].CallAsync(new Crash()));
        await Assert.ThrowsAsync<HandlerFailedException>(async () => await feeds["k2"].CallAsync(new Crash()));
        Assert.Equal(7, await feeds["good"].CallAsync(new Add(0)));
        Assert.False(_log.Reader.TryPeek(out _));
    }

    [Fact]
    public async Task When_the_database_ends_dependents_and_servers_stop_before_it_starts_again()
    {
        await using var host = await StartAsync();
        var feed = host.Servers<Feed>()["a"];
        await feed.CallAsync(new Add(4));
        await ExpectAsync("start db", "start behind");

        SupervisionTree.Find(host.System, "shop")!.Child("db")!.Tell("crash");

        await ExpectAsync("stop db", "stop behind", "terminate a", "start db", "start behind");
        Assert.Equal(4, await feed.CallAsync(new Add(0), Patience));
    }

    [Fact]
    public async Task A_node_that_stops_stops_dependents_then_servers_then_the_database()
    {
        var host = await StartAsync();
        await host.Servers<Feed>()["a"].CallAsync(new Add(4));
        await ExpectAsync("start db", "start behind");

        await host.DisposeAsync();

        await ExpectAsync("stop behind", "terminate a", "stop db");
    }

    [Fact]
    public async Task Permanent_servers_that_the_child_stopped_run_again_when_it_is_started()
    {
        await using var host = await StartAsync(options =>
        {
            options.Permanent = true;
            options.RecoveryInterval = TimeSpan.FromSeconds(1);
        });
        var feed = host.Servers<Feed>()["a"];
        await feed.EnsureStartedAsync();
        await TreeOf(host).TerminateChildAsync("feeds");

        // Nor does the recovery director get it started, which is to try again.
        var type = DurableServers.Get(host.System).Node.TypeOf("feed");
        var refusal = await Assert.ThrowsAsync<PlacementUnavailableException>(async () => await type.Gateway.Control<StartOutcome>("a", ControlVerb.Recover, null, Patience, CancellationToken.None));
        Assert.Equal(CallOutcome.NotApplied, refusal.Outcome);
        Assert.False(await feed.IsRunningAsync());

        (await TreeOf(host).RestartChildAsync("feeds")).OrThrow();

        await EventuallyAsync(async () => await feed.IsRunningAsync());
    }

    [Fact]
    public async Task A_type_that_starts_held_runs_no_server_before_what_it_depends_on()
    {
        DurableServerException? early = null;
        await using var host = await TestHost.StartAsync(akka => akka
            .WithLonelyCluster()
            .WithMemory()
            .WithDurableServer<Feed>("feed", options => options.StartsHeld = true)
            .WithSupervisionTree(Supervisor.RestForOne("shop",
            [
                ChildSpec.Start("db", async context =>
                {
                    early = await Assert.ThrowsAsync<PlacementUnavailableException>(async () => await DurableServers.Get(context.System).For<Feed>()["a"].CallAsync(new Add(), TimeSpan.FromSeconds(1)));
                    return ChildStart.Ignore;
                }),
                DurableChild.ServerType<Feed>("feeds"),
            ])));

        Assert.Contains("are held", early!.Message, StringComparison.Ordinal);
        Assert.Equal(1, await host.Servers<Feed>()["a"].CallAsync(new Add()));
    }

    [Fact]
    public async Task The_tree_of_the_readme_starts_and_stops()
    {
        await using var host = await TestHost.StartAsync(akka => akka
            .WithLonelyCluster()
            .WithMemory()
            .WithDurableServer<Snippets.Exchange.PriceFeed>("prices")
            .WithSupervisionTree(Snippets.Exchange.Tree()));
        var tree = SupervisionTree.Find(host.System, "exchange")!;

        Assert.Equal(5, (await tree.Root.CountChildrenAsync()).Active);
        await tree.StopAsync();
        Assert.False(await host.Servers<Snippets.Exchange.PriceFeed>()["eurex"].IsRunningAsync());
    }

    [Fact]
    public async Task A_type_is_a_child_once_on_a_node()
    {
        await using var host = await StartAsync();

        var second = await TreeOf(host).StartChildAsync(DurableChild.ServerType<Feed>("again"));

        Assert.Contains("another child", second.Reason!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_asked_of_the_runtime_does_not_wait_while_the_type_is_held()
    {
        await using var host = await StartAsync();
        var feed = host.Servers<Feed>()["a"];
        await feed.CallAsync(new Add(3));
        await TreeOf(host).TerminateChildAsync("feeds");
        var waiting = feed.CallAsync(new Add(), Patience).AsTask();

        Assert.Equal(ServerStatus.StoppedGraceful, (await feed.InfoAsync())!.Status);
        Assert.False(await feed.StopAsync());
        Assert.True(await feed.DeleteAsync());
        Assert.False(waiting.IsCompleted);
        (await TreeOf(host).RestartChildAsync("feeds")).OrThrow();

        Assert.Equal(1, await waiting);
    }

    [Fact]
    public async Task Other_nodes_go_on_and_what_waits_for_a_node_that_leaves_is_answered_where_its_shards_go()
    {
        await using var store = new InMemoryStateStore();
        var first = await StartNodeAsync(store, seed: null);
        await using var second = await StartNodeAsync(store, first);
        var feeds = second.Servers<Feed>();
        string? here = null;
        string? there = null;
        await EventuallyAsync(async () =>
        {
            foreach (var key in Keys(40))
            {
                await feeds[key].CallAsync(new Add(0), Patience);
                var node = (await feeds[key].InfoAsync(Patience))!.Node;
                here = node == second.Address.ToString() ? key : here;
                there = node == first.Address.ToString() ? key : there;
            }

            return here is not null && there is not null;
        });
        await TreeOf(first).TerminateChildAsync("feeds");

        Assert.Equal(1, await feeds[here!].CallAsync(new Add(), Patience));
        var late = await Assert.ThrowsAsync<PlacementUnavailableException>(async () => await feeds[there!].CallAsync(new Add(50), TimeSpan.FromSeconds(2)));
        Assert.Contains(first.Address.ToString(), late.Message, StringComparison.Ordinal);
        var waiting = feeds[there!].CallAsync(new Add(), TimeSpan.FromSeconds(60)).AsTask();
        await first.DisposeAsync();

        Assert.Equal(1, await waiting);
    }

    private static IEnumerable<string> Keys(int count) => Enumerable.Range(0, count).Select(i => $"k{i}");

    private static SupervisorRef TreeOf(TestHost host) => SupervisionTree.Find(host.System, "shop")!.Root;

    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await condition())
        {
            await Task.Delay(50, limit.Token);
        }
    }

    private static Task<TestHost> StartNodeAsync(IStateStore store, TestHost? seed) => TestHost.StartAsync(akka =>
    {
        akka.WithDurableCluster(cluster =>
        {
            cluster.Port = 0;
            cluster.SeedNodes = seed is null ? [] : [seed.Address.ToString()];
        });
        (seed is null ? akka.JoinItself() : akka)
            .WithDurableStateStore(_ => new Undisposed(store))
            .WithDurableServer<Feed>("feed", options => options.ShardCount = 20)
            .WithSupervisionTree(Supervisor.OneForOne("shop", [DurableChild.ServerType<Feed>("feeds")]));
    });

    private Task<TestHost> StartAsync(Action<DurableServerOptions>? configure = null)
    {
        var builder = TestHost.Builder();
        builder.Services.AddSingleton(_log);
        return TestHost.StartAsync(builder, akka => akka
            .WithLonelyCluster()
            .WithMemory()
            .WithDurableServer<Feed>("feed", configure)
            .WithSupervisionTree(Supervisor.RestForOne("shop",
            [
                ChildSpec.Worker("db", Props.Create(() => new Noted("db", _log))),
                DurableChild.ServerType<Feed>("feeds"),
                ChildSpec.Worker("behind", Props.Create(() => new Noted("behind", _log))),
            ])));
    }

    private async Task ExpectAsync(params string[] entries)
    {
        foreach (var entry in entries)
        {
            Assert.Equal(entry, await _log.Reader.ReadAsync().AsTask().WaitAsync(Patience));
        }
    }

    public sealed record Append(int Number) : ICast;

    public sealed record Crash : ICall<int>;

    public sealed record GetText : ICall<string>;

    public sealed record FeedState(int Count, string Text);

    /// <summary>Counts, writes down casts, and says when it terminates, if the application has somewhere to say it.</summary>
    public sealed class Feed : DurableServer<FeedState>
    {
        protected override FeedState InitialState => new(0, "");

        protected override ValueTask<CallResult> HandleCall(object request, From from, FeedState state) => request switch
        {
            Add add => Reply(state.Count + add.By, state with { Count = state.Count + add.By }),
            GetText => Reply(state.Text, state),
            Crash => throw new InvalidOperationException("as told"),
            _ => Unhandled(request),
        };

        protected override ValueTask<Next> HandleCast(object message, FeedState state) => message switch
        {
            Append append => NoReply(state with { Text = $"{state.Text}{append.Number}" }),
            _ => Unhandled(message),
        };

        protected override ValueTask<FeedState> Terminate(StopReason reason, FeedState state)
        {
            Context.Services.GetService<Channel<string>>()?.Writer.TryWrite($"terminate {Context.Key}");
            return new(state);
        }
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2215", Justification = "That is its purpose.")]
    private sealed class Undisposed(IStateStore inner) : DelegatingStateStore(inner)
    {
        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Noted : UntypedActor
    {
        private readonly string _id;
        private readonly Channel<string> _log;

        public Noted(string id, Channel<string> log) => (_id, _log) = (id, log);

        protected override void PreStart() => _log.Writer.TryWrite($"start {_id}");

        protected override void PostStop() => _log.Writer.TryWrite($"stop {_id}");

        protected override void OnReceive(object message) => throw new InvalidOperationException("crash");
    }
}
