using System.Threading.Channels;
using Akka.Actor;
using Akka.Hosting;
using AkkaDurable.Supervision;

namespace AkkaDurable.Hosting.Tests;

/// <summary>A cluster singleton as a child.</summary>
public sealed class SingletonChildTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly DurableSingletonOptions Waiting = new() { WaitsForStart = true };

    private readonly Channel<string> _log = Channel.CreateUnbounded<string>();

    [Fact]
    public async Task Its_start_waits_until_the_singleton_has_started_and_its_stop_until_it_has_ended()
    {
        await using var host = await StartAsync(Leader(Waiting with { StopMessage = "bye" }), Behind());

        await ExpectAsync("start leader", "start behind");
        Assert.Equal("pong", await AskAsync(host, "ping"));
        await SupervisionTree.Find(host.System, "shop")!.StopAsync();
        await ExpectAsync("stop behind", "bye leader", "stop leader");
    }

    [Fact]
    public async Task A_singleton_that_throws_is_restarted_with_what_stands_behind_it()
    {
        await using var host = await StartAsync(Leader(Waiting), Behind());
        await ExpectAsync("start leader", "start behind");

        SupervisionTree.Find(host.System, "shop")!.Child("leader")!.Tell("crash");

        await ExpectAsync("stop leader", "stop behind", "start leader", "start behind");
        Assert.Equal("pong", await AskAsync(host, "ping"));
    }

    [Fact]
    public async Task A_transient_singleton_that_is_done_is_not_restarted()
    {
        await using var host = await StartAsync(Leader(Waiting) with { Restart = Restart.Transient });
        await ExpectAsync("start leader");
        var tree = SupervisionTree.Find(host.System, "shop")!;

        tree.Child("leader")!.Tell("done");

        await ExpectAsync("stop leader");
        await EventuallyAsync(async () => (await tree.Root.CountChildrenAsync()).Active == 0);
        (await tree.Root.RestartChildAsync("leader")).OrThrow();
        await ExpectAsync("start leader");
    }

    [Fact]
    public async Task A_singleton_whose_start_fails_fails_the_start_of_the_tree()
    {
        var failure = await Assert.ThrowsAsync<ChildStartException>(() => StartAsync(
            DurableChild.Singleton("leader", _ => throw new InvalidOperationException("no props"), Waiting), Behind()));

        Assert.Equal(("leader", "no props"), (failure.Path, failure.Reason.Exception?.Message));
    }

    [Fact]
    public async Task On_a_node_without_the_role_there_is_nothing_to_start()
    {
        await using var host = await StartAsync(Leader(Waiting with { Role = "elsewhere" }), Behind());

        await ExpectAsync("start behind");
        Assert.Null(SupervisionTree.Find(host.System, "shop")!.Child("leader"));
    }

    [Fact]
    public async Task Two_children_of_a_node_cannot_be_the_same_singleton()
    {
        await using var host = await StartAsync(Leader(Waiting));

        var second = await SupervisionTree.Find(host.System, "shop")!.Root.StartChildAsync(DurableChild.Singleton("second", Props.Empty, new() { Name = "leader" }));

        Assert.Contains("another child", second.Reason!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_its_node_leaves_the_singleton_moves_to_the_next_and_callers_find_it_there()
    {
        var first = await StartAsync(seed: null, "first");
        await using var second = await StartAsync(first, "second");
        await ExpectAsync("start first");
        Assert.Equal("first", await AskAsync(second, "who"));
        Assert.False(_log.Reader.TryPeek(out _));

        await first.DisposeAsync();

        await ExpectAsync("stop first", "start second");
        Assert.Equal("second", await AskAsync(second, "who"));
        Assert.Equal(0, (await SupervisionTree.Find(second.System, "shop")!.Root.WhichChildrenAsync()).Single().Restarts);
    }

    private static Task<string> AskAsync(TestHost host, string question) => SupervisionTree.Find(host.System, "shop")!.Child("leader")!.Ask<string>(question, Patience);

    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            await Task.Delay(20, limit.Token);
        }
    }

    private ChildSpec Leader(DurableSingletonOptions options, string name = "leader") => DurableChild.Singleton("leader", _ => Props.Create(() => new Noted(name, _log)), options);

    private ChildSpec Behind() => ChildSpec.Worker("behind", Props.Create(() => new Noted("behind", _log)));

    private static Task<TestHost> StartAsync(params ChildSpec[] children) => TestHost.StartAsync(akka => akka
        .WithLonelyCluster()
        .WithSupervisionTree(Supervisor.RestForOne("shop", [.. children])));

    private Task<TestHost> StartAsync(TestHost? seed, string name) => TestHost.StartAsync(akka =>
    {
        akka.WithDurableCluster(cluster =>
        {
            cluster.Port = 0;
            cluster.SeedNodes = seed is null ? [] : [seed.Address.ToString()];
        });
        (seed is null ? akka.JoinItself() : akka).WithSupervisionTree(Supervisor.OneForOne("shop", [Leader(Waiting, name)]));
    });

    private async Task ExpectAsync(params string[] entries)
    {
        foreach (var entry in entries)
        {
            Assert.Equal(entry, await _log.Reader.ReadAsync().AsTask().WaitAsync(Patience));
        }
    }

    private sealed class Noted : UntypedActor
    {
        private readonly string _id;
        private readonly Channel<string> _log;

        public Noted(string id, Channel<string> log) => (_id, _log) = (id, log);

        protected override void PreStart() => _log.Writer.TryWrite($"start {_id}");

        protected override void PostStop() => _log.Writer.TryWrite($"stop {_id}");

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "ping":
                    Sender.Tell("pong");
                    break;
                case "who":
                    Sender.Tell(_id);
                    break;
                case "bye":
                    _log.Writer.TryWrite($"bye {_id}");
                    Context.Stop(Self);
                    break;
                case "done":
                    Context.Stop(Self);
                    break;
                default:
                    throw new InvalidOperationException("crash");
            }
        }
    }
}
