using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AkkaDurable.Hosting.Tests;

/// <summary>How long a node may take to stop: where it is said, and what follows from it.</summary>
public sealed class ShutdownBudgetTests
{
    [Fact]
    public async Task Without_a_word_it_is_30_seconds()
    {
        await using var host = await TestHost.StartAsync(Node);
        AssertBudget(host, seconds: 30);
    }

    [Fact]
    public async Task Configuration_sets_it()
    {
        await using var host = await TestHost.StartAsync(Node, ("ShutdownBudget", "00:01:00"));
        AssertBudget(host, seconds: 60);
    }

    [Fact]
    public async Task Code_goes_over_configuration_whatever_the_order_of_the_verbs()
    {
        await using var host = await TestHost.StartAsync(akka => Node(akka.WithShutdownBudget(TimeSpan.FromSeconds(90))), ("ShutdownBudget", "00:01:00"));
        AssertBudget(host, seconds: 90);
    }

    [Fact]
    public async Task Code_may_come_last()
    {
        await using var host = await TestHost.StartAsync(akka =>
        {
            Node(akka);
            akka.WithShutdownBudget(TimeSpan.FromSeconds(90));
        });
        AssertBudget(host, seconds: 90);
    }

    [Fact]
    public async Task A_phase_that_the_app_sets_itself_goes_over_the_default()
    {
        await using var host = await TestHost.StartAsync(akka =>
        {
            akka.AddHocon("akka.coordinated-shutdown.phases.cluster-sharding-shutdown-region.timeout = 50s", HoconAddMode.Prepend);
            Node(akka);
        });
        Assert.Equal(TimeSpan.FromSeconds(50), CoordinatedShutdown.Get(host.System).Timeout(CoordinatedShutdown.PhaseClusterShardingShutdownRegion));
        Assert.True(HostTimeout(host) > TimeSpan.FromSeconds(50));
    }

    [Theory]
    [InlineData(1, 35)]
    [InlineData(35, 35)]
    [InlineData(600, 600)]
    public async Task The_hosts_own_time_out_is_raised_and_never_lowered(int seconds, int expected)
    {
        var builder = TestHost.Builder();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(seconds));
        await using var host = await TestHost.StartAsync(builder, Node);
        Assert.Equal(TimeSpan.FromSeconds(expected), HostTimeout(host));
    }

    [Fact]
    public async Task A_host_that_waits_for_ever_still_does()
    {
        var builder = TestHost.Builder();
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = Timeout.InfiniteTimeSpan);
        await using var host = await TestHost.StartAsync(builder, Node);
        Assert.Equal(Timeout.InfiniteTimeSpan, HostTimeout(host));
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("00:00:02")]
    [InlineData("01:00:01")]
    [InlineData("Infinite")]
    public async Task A_budget_that_is_not_allowed_is_refused_by_the_name_of_the_setting(string budget)
    {
        var refused = await Assert.ThrowsAsync<DurableConfigurationException>(() => TestHost.StartAsync(Node, ("ShutdownBudget", budget)));
        Assert.StartsWith("AkkaDurable:ShutdownBudget", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => DurableShutdownHostingExtensions.WithShutdownBudget(null!, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task A_stopped_host_has_a_report()
    {
        var host = await TestHost.StartAsync(Node);
        var durable = DurableServers.Get(host.System);
        await host.Servers<Tally>()["a"].CallAsync(new Add(), TimeSpan.FromSeconds(20));
        Assert.False(durable.Shutdown.IsCompleted);
        await host.DisposeAsync();
        var report = await durable.Shutdown;
        Assert.True(report.IsComplete);
        Assert.Equal((1, 1, TimeSpan.FromSeconds(30)), (report.Stopped, report.Saved, report.Budget));
    }

    private static void Node(AkkaConfigurationBuilder akka) => akka.WithLonelyCluster().WithMemory().WithDurableServer<Tally>("tally");

    private static TimeSpan HostTimeout(TestHost host) => host.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout;

    private static void AssertBudget(TestHost host, int seconds)
    {
        var phases = new[] { CoordinatedShutdown.PhaseClusterShardingShutdownRegion, CoordinatedShutdown.PhaseClusterLeave, CoordinatedShutdown.PhaseClusterExiting, CoordinatedShutdown.PhaseActorSystemTerminate }
            .Select(CoordinatedShutdown.Get(host.System).Timeout).ToList();
        Assert.Equal(seconds, phases.Sum(phase => phase.TotalSeconds), tolerance: 0.1);
        Assert.Equal(seconds * 2 / 3.0, phases[0].TotalSeconds, tolerance: 0.1);
        Assert.Equal(TimeSpan.FromSeconds(seconds + 5), HostTimeout(host));
    }
}
