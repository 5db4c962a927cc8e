using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using AkkaDurable.Placement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace AkkaDurable.Hosting.Tests;

/// <summary>The health checks of a node's lease, shard regions and placement: each state is caused, not faked.</summary>
public sealed class NodeHealthTests
{
    private const string Lease = "akka.durable.lease";
    private const string Regions = "akka.durable.regions";
    private const string Placement = "akka.durable.placement";

    [Fact]
    public async Task All_checks_are_registered_for_readiness_and_well_on_a_node_that_is()
    {
        await using var host = await StartAsync(akka => akka.WithLonelyCluster().WithMemory().WithDurableServer<Tally>("tally").WithDurableServer<Clock>("clock"));
        var all = host.Services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations.Where(registration => registration.Name.StartsWith("akka.durable.", StringComparison.Ordinal)).ToList();
        Assert.Equal([Lease, Placement, Regions, "akka.durable.store"], all.Select(registration => registration.Name).Order(StringComparer.Ordinal));
        Assert.All(all, registration => Assert.Equal(["akka", "akka.durable", "ready"], registration.Tags.Order(StringComparer.Ordinal)));

        await host.Servers<Tally>()["a"].CallAsync(new Add());
        Assert.Equal("This node's lease is renewed in time.", (await UntilAsync(host, Lease, HealthStatus.Healthy)).Description);
        var regions = await UntilAsync(host, Regions, HealthStatus.Healthy);
        Assert.Equal(["clock: TakesPart", "tally: TakesPart"], regions.Data.Select(figure => $"{figure.Key}: {figure.Value}").Order(StringComparer.Ordinal));
        var placement = await UntilAsync(host, Placement, HealthStatus.Healthy);
        Assert.Equal((0, 0, "Up"), (placement.Data["waiting"], placement.Data["away"], placement.Data["status"]));
    }

    [Fact]
    public async Task A_lease_that_is_not_renewed_is_degraded_and_then_unhealthy()
    {
        var store = new LeaseStore();
        await using var host = await StartAsync(akka => akka.WithLonelyCluster().WithDurableStateStore(_ => store).WithDurableLease(TimeSpan.FromSeconds(3)).WithDurableServer<Tally>("tally"));
        await UntilAsync(host, Lease, HealthStatus.Healthy);

        store.IsAway = true;
        var degraded = await UntilAsync(host, Lease, HealthStatus.Degraded);
        Assert.Matches(@"^The state store does not renew this node's lease; in [0-3]\.\d s the servers here stop answering\.$", degraded.Description);
        Assert.InRange((double)degraded.Data["secondsLeft"], 0, 3);

        var unhealthy = await UntilAsync(host, Lease, HealthStatus.Unhealthy);
        Assert.Contains("the state store does not renew it", unhealthy.Description, StringComparison.Ordinal);
        Assert.Equal(0.0, unhealthy.Data["secondsLeft"]);

        store.IsAway = false;
        await UntilAsync(host, Lease, HealthStatus.Healthy);
    }

    [Fact]
    public async Task A_lease_that_was_taken_away_is_degraded_for_a_while_although_there_is_another_one()
    {
        var store = new LeaseStore();
        await using var host = await StartAsync(akka => akka.WithLonelyCluster().WithDurableStateStore(_ => store).WithDurableLease(TimeSpan.FromSeconds(1)).WithDurableServer<Tally>("tally"));
        var before = await UntilAsync(host, Lease, HealthStatus.Healthy);
        await store.RevokeLeaseAsync((long)before.Data["lease"]);

        var taken = await UntilAsync(host, Lease, HealthStatus.Degraded);
        Assert.Contains("was taken away a moment ago", taken.Description, StringComparison.Ordinal);
        Assert.NotEqual(before.Data["lease"], taken.Data["lease"]);
        await UntilAsync(host, Lease, HealthStatus.Healthy);
    }

    [Fact]
    public async Task A_node_that_is_no_member_yet_is_not_ready()
    {
        await using var host = await StartAsync(akka => akka.WithDurableCluster(cluster => cluster.Port = 0).WithMemory().WithDurableServer<Tally>("tally"));
        var regions = await UntilAsync(host, Regions, HealthStatus.Degraded);
        Assert.Equal("Server type 'tally': without a coordinator that answers: servers that are known go on, shards without a home wait.", regions.Description);
        var placement = await UntilAsync(host, Placement, HealthStatus.Unhealthy);
        Assert.Contains("no member of the cluster", placement.Description, StringComparison.Ordinal);

        await Cluster.Get(host.System).JoinAsync(host.Address);
        await UntilAsync(host, Regions, HealthStatus.Healthy);
        await UntilAsync(host, Placement, HealthStatus.Healthy);
    }

    [Fact]
    public async Task A_node_without_server_types_says_so()
    {
        await using var host = await StartAsync(akka => akka.WithLonelyCluster().WithDurableHealthCheck());
        Assert.Equal("This node runs no servers, and has no lease.", (await UntilAsync(host, Lease, HealthStatus.Healthy)).Description);
        Assert.Contains("No server type is registered", (await UntilAsync(host, Regions, HealthStatus.Unhealthy)).Description, StringComparison.Ordinal);
        Assert.Contains("no server type is registered", (await UntilAsync(host, Placement, HealthStatus.Unhealthy)).Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shard_region_that_has_ended_is_unhealthy_and_named()
    {
        await using var host = await StartAsync(akka => akka.WithLonelyCluster().WithMemory().WithDurableServer<Tally>("tally").WithDurableServer<Clock>("clock"));
        await UntilAsync(host, Regions, HealthStatus.Healthy);
        host.System.Stop(ClusterSharding.Get(host.System).ShardRegion("clock"));

        var ended = await UntilAsync(host, Regions, HealthStatus.Unhealthy);
        Assert.Equal("Server type 'clock': at its end on this node: its shard region has stopped, as before the node leaves.", ended.Description);
        Assert.Equal(("TakesPart", "Ended"), (ended.Data["tally"], ended.Data["clock"]));
    }

    [Fact]
    public async Task A_node_that_is_drained_or_cordoned_is_degraded()
    {
        await using var host = await StartAsync(akka => akka.WithLonelyCluster().WithMemory().WithDurableServer<Tally>("tally"));
        await UntilAsync(host, Placement, HealthStatus.Healthy);
        var (control, self) = (PlacementControl.Get(host.System), host.Address.ToString());

        await control.CordonAsync(self);
        Assert.Contains("cordoned", (await UntilAsync(host, Placement, HealthStatus.Degraded)).Description, StringComparison.Ordinal);
        await control.UncordonAsync(self);
        await UntilAsync(host, Placement, HealthStatus.Healthy);
        await control.DrainAsync(self);
        Assert.Contains("being drained", (await UntilAsync(host, Placement, HealthStatus.Degraded)).Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shards_that_run_away_from_home_are_degraded_and_so_are_those_that_wait()
    {
        await using var host = await StartAsync(akka => akka
            .WithLonelyCluster()
            .WithNodeLocation(new NodeLocation("us-east"))
            .WithMemory()
            .WithDurableServer<Tally>("tally", static tally => tally.HomeRegion = static _ => "eu-west")
            .WithDurableServer<Clock>("clock", static clock =>
            {
                clock.HomeRegion = static _ => "eu-west";
                clock.Placement = new PlacementOptions { Policy = PlacementPolicy.StickTo(Locality.Region, Timeout.InfiniteTimeSpan) };
            }));
        await UntilAsync(host, Placement, HealthStatus.Healthy);

        await host.Servers<Tally>()["a"].CallAsync(new Add());
        var away = await UntilAsync(host, Placement, HealthStatus.Degraded);
        Assert.Equal("1 shard of 'tally' runs here, away from home (eu-west).", away.Description);
        Assert.Equal((1, 0), (away.Data["away"], away.Data["waiting"]));

        await Assert.ThrowsAsync<PlacementUnavailableException>(() => host.Servers<Clock>()["a"].CallAsync(new GetTime()).AsTask());
        var waiting = await UntilAsync(host, Placement, HealthStatus.Degraded, entry => entry.Data["waiting"] is 1);
        Assert.StartsWith("1 shard waits for a place, such as eu-west~", waiting.Description, StringComparison.Ordinal);
        Assert.Contains("of 'clock'", waiting.Description, StringComparison.Ordinal);
    }

    private static Task<TestHost> StartAsync(Action<AkkaConfigurationBuilder> akka)
    {
        var builder = TestHost.Builder();
        builder.Services.AddHealthChecks();
        return TestHost.StartAsync(builder, akka);
    }

    private static async Task<HealthReportEntry> UntilAsync(TestHost host, string name, HealthStatus status, Func<HealthReportEntry, bool>? isSo = null)
    {
        var checks = host.Services.GetRequiredService<HealthCheckService>();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        while (true)
        {
            var entry = (await checks.CheckHealthAsync(registration => registration.Name == name, CancellationToken.None)).Entries[name];
            if (entry.Status == status && isSo?.Invoke(entry) != false)
            {
                return entry;
            }

            Assert.False(limit.IsCancellationRequested, $"{name} is {entry.Status}, not {status}: {entry.Description} {entry.Exception}");
            await Task.Delay(50, CancellationToken.None);
        }
    }
}
