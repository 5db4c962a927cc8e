using System.Threading.Channels;
using Akka.Actor;
using Akka.Hosting;
using AkkaDurable.Supervision;

namespace AkkaDurable.Hosting.Tests;

public sealed class DurableChildTests
{
    private static readonly DurableChildOptions Quick = new() { CheckEvery = TimeSpan.FromMilliseconds(20) };

    private readonly Channel<string> _log = Channel.CreateUnbounded<string>();

    [Fact]
    public async Task A_server_is_started_with_its_supervisor_and_stopped_with_it()
    {
        await using var host = await StartAsync(Restart.Permanent);
        var server = host.Servers<Fragile>()["main"];
        Assert.True(await server.IsRunningAsync());

        await SupervisionTree.Find(host.System, "shop")!.StopAsync();

        Assert.Equal((false, ServerStatus.StoppedGraceful), await server.InfoAsync() is { } info ? (info.IsRunning, info.Status) : default);
    }

    [Fact]
    public async Task What_depends_on_a_permanent_server_is_restarted_with_it_when_it_ends()
    {
        await using var host = await StartAsync(Restart.Permanent);
        await ExpectAsync("start");

        await host.Servers<Fragile>()["main"].StopAsync();

        await ExpectAsync("stop", "start");
        Assert.True(await host.Servers<Fragile>()["main"].IsRunningAsync());
    }

    [Fact]
    public async Task What_depends_on_a_server_that_crashed_is_restarted()
    {
        await using var host = await StartAsync(Restart.Transient);
        await ExpectAsync("start");

        await Assert.ThrowsAnyAsync<DurableServerException>(async () => await host.Servers<Fragile>()["main"].CallAsync(new Add()));

        await ExpectAsync("stop", "start");
    }

    [Theory]
    [InlineData("stop")]
    [InlineData("delete")]
    public async Task A_server_that_is_stopped_or_deleted_has_ended_in_order(string how)
    {
        await using var host = await StartAsync(Restart.Transient, isSignificant: true);
        var server = host.Servers<Fragile>()["main"];

        _ = how == "stop" ? await server.StopAsync() : await server.DeleteAsync();

        // A significant transient child ends its supervisor when it has ended in order; had it crashed, it would be restarted.
        var exit = await SupervisionTree.Find(host.System, "shop")!.Exited.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal((ExitReason.Shutdown, false), (exit.Reason, exit.IsEscalation));
        await ExpectAsync("start", "stop");
    }

    private Task<TestHost> StartAsync(Restart restart, bool isSignificant = false) => TestHost.StartAsync(akka => akka
        .WithLonelyCluster()
        .WithMemory()
        .WithDurableServer<Fragile>("fragile")
        .WithSupervisionTree(
            Supervisor.RestForOne("shop",
            [
                DurableChild.Server<Fragile>("server", "main", Quick) with { Restart = restart, Significant = isSignificant },
                ChildSpec.Worker("dependent", Props.Create(() => new Dependent(_log))),
            ]) with { AutoShutdown = isSignificant ? AutoShutdown.AnySignificant : AutoShutdown.Never }));

    private async Task ExpectAsync(params string[] entries)
    {
        foreach (var entry in entries)
        {
            Assert.Equal(entry, await _log.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
        }
    }

    public sealed class Fragile : DurableServer<TallyState>
    {
        protected override TallyState InitialState => new(0);

        protected override ValueTask<CallResult> HandleCall(object request, From from, TallyState state) => throw new InvalidOperationException("as told");
    }

    private sealed class Dependent(Channel<string> log) : UntypedActor
    {
        protected override void PreStart() => log.Writer.TryWrite("start");

        protected override void PostStop() => log.Writer.TryWrite("stop");

        protected override void OnReceive(object message)
        {
        }
    }
}
