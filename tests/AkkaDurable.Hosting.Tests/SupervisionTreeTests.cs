using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Hosting;
using AkkaDurable.Supervision;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AkkaDurable.Hosting.Tests;

public sealed class SupervisionTreeTests
{
    private readonly ConcurrentQueue<string> _log = new();

    [Fact]
    public async Task A_trees_workers_get_services_of_the_application()
    {
        await using var host = await StartAsync(akka => akka.WithSupervisionTree(Supervisor.OneForOne("shop", [ChildSpec.Worker<Clerk>()])));

        Assert.Equal(["start clerk"], _log);
        Assert.NotNull(SupervisionTree.Find(host.System, "shop")!.Child(nameof(Clerk)));
    }

    [Fact]
    public async Task Trees_start_after_all_actors_and_servers_wherever_they_are_named_and_in_the_order_of_their_calls()
    {
        await using var host = await StartAsync(akka => akka
            .WithSupervisionTree((system, resolver) =>
            {
                Assert.NotNull(resolver.GetService<ConcurrentQueue<string>>());
                _ = DurableServers.Get(system).For<Tally>();
                return Supervisor.OneForOne("first", [Worker("a"), Worker("b")]);
            })
            .WithSupervisionTree(Supervisor.OneForOne("second", [Worker("c")]))
            .WithActors((_, _) => _log.Enqueue("actors"))
            .WithDurableServer<Tally>("tally")
            .WithLonelyCluster()
            .WithMemory());

        Assert.Equal(["actors", "start a", "start b", "start c"], _log);
    }

    [Fact]
    public async Task A_host_that_stops_stops_its_trees_in_reverse_order()
    {
        var host = await StartAsync(akka => akka
            .WithSupervisionTree(Supervisor.OneForOne("first", [Worker("a"), Worker("b")]))
            .WithSupervisionTree(Supervisor.OneForOne("second", [Worker("c"), Worker("d")])));
        _log.Clear();

        await host.DisposeAsync();

        Assert.Equal(["stop d", "stop c", "stop b", "stop a"], _log);
    }

    [Fact]
    public async Task The_phase_lasts_as_long_as_the_trees_may_take()
    {
        await using var host = await StartAsync(akka => akka
            .WithSupervisionTree(Supervisor.OneForOne("first", [Worker("a") with { Shutdown = Shutdown.After(TimeSpan.FromSeconds(60)) }]))
            .WithSupervisionTree(Supervisor.Dynamic("second"), stopWithin: TimeSpan.FromSeconds(8)));

        // 60 s and the grace of 1 s, 8 s, and 1 s for messages.
        Assert.Equal(TimeSpan.FromSeconds(70), CoordinatedShutdown.Get(host.System).Timeout(CoordinatedShutdown.PhaseBeforeServiceUnbind));
    }

    [Fact]
    public async Task The_host_does_not_start_when_a_child_does_not()
    {
        var failure = await Assert.ThrowsAsync<ChildStartException>(() => StartAsync(akka => akka
            .WithSupervisionTree(Supervisor.OneForOne("shop", [Worker("a"), ChildSpec.Start("store", _ => throw new InvalidOperationException("no disk"))]))));

        Assert.Equal(("store", "no disk"), (failure.Path, failure.Reason.Exception?.Message));
        Assert.Equal(["start a", "stop a"], _log);
    }

    [Fact]
    public async Task A_root_that_gives_up_stops_the_host_with_an_exit_code()
    {
        var host = await StartAsync(akka => akka
            .WithSupervisionTree(Supervisor.OneForOne("shop", [Worker("a")]) with { Intensity = new(0, TimeSpan.FromSeconds(5)) }));
        try
        {
            var stopping = new TaskCompletionSource();
            await using var registration = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);

            SupervisionTree.Find(host.System, "shop")!.Child("a")!.Tell("crash");

            await stopping.Task.WaitAsync(TimeSpan.FromSeconds(30));
            Assert.Equal(1, Environment.ExitCode);
        }
        finally
        {
            Environment.ExitCode = 0;
            await host.DisposeAsync();
        }
    }

    private ChildSpec Worker(string id) => ChildSpec.Worker(id, Props.Create(() => new Noted(id, _log)));

    private Task<TestHost> StartAsync(Action<AkkaConfigurationBuilder> akka)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(_log);
        return TestHost.StartAsync(builder, akka);
    }

    private sealed class Noted : UntypedActor
    {
        private readonly string _id;
        private readonly ConcurrentQueue<string> _log;

        public Noted(string id, ConcurrentQueue<string> log) => (_id, _log) = (id, log);

        protected override void PreStart() => _log.Enqueue($"start {_id}");

        protected override void PostStop() => _log.Enqueue($"stop {_id}");

        protected override void OnReceive(object message) => throw new InvalidOperationException("crash");
    }

    private sealed class Clerk(ConcurrentQueue<string> log) : UntypedActor
    {
        protected override void PreStart() => log.Enqueue("start clerk");

        protected override void OnReceive(object message)
        {
        }
    }
}
