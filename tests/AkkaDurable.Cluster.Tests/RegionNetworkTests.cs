using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using AkkaDurable.TestSupport.Network;

namespace AkkaDurable.Cluster.Tests;

/// <summary>The network that other tests trust: what it delays and cuts is delayed and cut.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "xunit calls DisposeAsync.")]
public sealed class RegionNetworkTests : IAsyncLifetime
{
    private static readonly TimeSpan OneWay = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // Long against what an open way takes, so that an answer would have come.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1.5);

    private readonly RegionNetwork _network = new();
    private readonly List<ActorSystem> _systems = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _network.DisposeAsync();
        foreach (var system in _systems)
        {
            await system.Terminate();
        }
    }

    [Fact]
    public async Task A_round_trip_between_regions_takes_as_long_as_it_was_told_and_one_within_a_region_does_not()
    {
        var (here, near, far) = (Start("a"), Start("a"), Start("b"));
        _network.DelayBetweenRegions(OneWay);

        var within = await BestRoundTripAsync(here, near);
        var between = await BestRoundTripAsync(here, far);

        Assert.True(within < OneWay / 2, $"Expected a round trip within a region to take far less than {OneWay.TotalMilliseconds} ms, found {within.TotalMilliseconds:0.0} ms.");
        Assert.InRange(between, OneWay * 2, OneWay * 3);
    }

    [Fact]
    public async Task A_delay_can_be_changed_and_taken_away()
    {
        var (here, far) = (Start("a"), Start("b"));
        var open = await BestRoundTripAsync(here, far);

        _network.Delay("b", "a", OneWay * 3);
        var slow = await BestRoundTripAsync(here, far);
        _network.DelayBetweenRegions(TimeSpan.Zero);
        var again = await BestRoundTripAsync(here, far);

        Assert.InRange(slow, OneWay * 3, OneWay * 5);
        Assert.True(open < OneWay && again < OneWay, $"Expected round trips without delay below {OneWay.TotalMilliseconds} ms, found {open.TotalMilliseconds:0.0} and {again.TotalMilliseconds:0.0} ms.");
    }

    [Fact]
    public async Task A_delay_costs_no_throughput()
    {
        const int Messages = 2_000;
        var (here, far) = (Start("a"), Start("b"));
        var echo = await EchoAsync(here, far);
        _network.DelayBetweenRegions(OneWay);

        var start = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Messages).Select(i => echo.Ask<int>(i, Patience)));

        // One after the other they would take 160 s.
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), OneWay * 2, TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task A_cut_lets_nothing_through_and_what_waited_arrives_when_it_heals()
    {
        var (here, near, far) = (Start("a"), Start("a"), Start("b"));
        var (nearEcho, farEcho) = (await EchoAsync(here, near), await EchoAsync(here, far));
        await farEcho.Ask<int>(1, Patience);

        _network.CutOff("b");
        var (out_, in_) = (_network.BytesFrom("a", "b"), _network.BytesFrom("b", "a"));
        var cut = farEcho.Ask<int>(2, Patience);

        // Somebody who has not called before is not let in either.
        var (other, farAgain) = (Start("a"), far);
        var first = other.ActorSelection(Path(farAgain)).ResolveOne(Patience);
        Assert.Equal(3, await nearEcho.Ask<int>(3, Patience));
        await Assert.ThrowsAsync<AskTimeoutException>(() => farEcho.Ask<int>(4, Silence));
        Assert.False(cut.IsCompleted || first.IsCompleted);

        // What was on its way when it was cut may have arrived: a piece for each connection and direction.
        Assert.InRange(_network.BytesFrom("a", "b") - out_, 0, 4_096);
        Assert.InRange(_network.BytesFrom("b", "a") - in_, 0, 4_096);

        _network.Heal();
        Assert.Equal(2, await cut.WaitAsync(Patience));
        Assert.Equal(5, await farEcho.Ask<int>(5, Patience));
        await first.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_way_that_is_cut_in_one_direction_still_carries_the_other()
    {
        var (here, far) = (Start("a"), Start("b"));
        var echo = await EchoAsync(here, far);
        await echo.Ask<int>(1, Patience);

        _network.CutOneWay("b", "a");
        var before = _network.BytesFrom("a", "b");
        await Assert.ThrowsAsync<AskTimeoutException>(() => echo.Ask<int>(2, Silence));
        Assert.True(_network.BytesFrom("a", "b") > before, "Expected the question to arrive.");

        _network.Heal();
        Assert.Equal(3, await echo.Ask<int>(3, Patience));
    }

    private static string Path(ActorSystem system) => $"{((ExtendedActorSystem)system).Provider.DefaultAddress}/user/echo";

    private static async Task<TimeSpan> BestRoundTripAsync(ActorSystem from, ActorSystem to)
    {
        var echo = await EchoAsync(from, to);
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 20; i++)
        {
            var start = TimeProvider.System.GetTimestamp();
            await echo.Ask<int>(i, Patience);
            var took = TimeProvider.System.GetElapsedTime(start);
            best = took < best ? took : best;
        }

        return best;
    }

    private static Task<IActorRef> EchoAsync(ActorSystem from, ActorSystem to) => from.ActorSelection(Path(to)).ResolveOne(Patience);

    private ActorSystem Start(string region)
    {
        var port = FreePort();
        var system = ActorSystem.Create(
            "test",
            $$"""
            akka {
              loglevel = ERROR
              stdout-loglevel = ERROR
              actor.provider = remote
              remote.dot-netty.tcp {
                hostname = "127.0.0.1"
                port = {{port}}
                public-hostname = "127.0.0.1"
                public-port = {{_network.Add(region, port)}}
              }
            }
            """);
        system.ActorOf(Props.Create(() => new Echo()), "echo");
        _systems.Add(system);
        return system;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message);
    }
}
