using Akka.Cluster;
using Akka.Cluster.Hosting;
using Akka.Hosting;
using AkkaDurable.Placement;
using Microsoft.Extensions.DependencyInjection;

namespace AkkaDurable.Hosting.Tests;

public sealed class LocationTests
{
    [Fact]
    public async Task The_location_is_published_beside_the_roles_of_the_app()
    {
        await using var host = await TestHost.StartAsync(akka => akka
            .WithDurableCluster(cluster => (cluster.Port, cluster.Roles) = (0, ["worker"]))
            .WithNodeLocation(new NodeLocation("eu-west", "eu-west-1a", "m1")));

        var roles = Cluster.Get(host.System).SelfRoles;
        Assert.Contains("worker", roles);
        Assert.Contains("dc-eu-west", roles);
        Assert.Equal(new NodeLocation("eu-west", "eu-west-1a", "m1"), NodeLocation.FromRoles(roles));
        Assert.Equal(NodeLocation.FromRoles(roles), host.Services.GetRequiredService<IPlacementControl>().Location);
    }

    [Fact]
    public async Task The_location_comes_from_the_configuration()
    {
        await using var host = await TestHost.StartAsync(
            akka => akka.WithDurableCluster(static cluster => cluster.Port = 0).WithNodeLocation(), ("Node:Region", "us-east"), ("Node:Zone", "us-east-1b"), ("Node:Machine", "m7"));

        Assert.Equal(new NodeLocation("us-east", "us-east-1b", "m7"), NodeLocation.FromRoles(Cluster.Get(host.System).SelfRoles));
    }

    [Theory]
    [InlineData("Node:Region", "EU West")]
    [InlineData("Node:Zone", "a b")]
    [InlineData("Node:Regoin", "eu")]
    public async Task A_bad_location_in_the_configuration_stops_the_start(string key, string value)
    {
        var error = await Assert.ThrowsAsync<DurableConfigurationException>(() => TestHost.StartAsync(akka => akka.WithDurableCluster(static cluster => cluster.Port = 0).WithNodeLocation(), (key, value)));

        Assert.StartsWith("AkkaDurable:Node", error.Option, StringComparison.Ordinal);
    }

    // WithClustering sets the roles anew: the node would be in no region, and nobody would know.
    [Fact]
    public async Task A_location_whose_roles_were_lost_stops_the_start()
    {
        var error = await Assert.ThrowsAsync<DurableConfigurationException>(() => TestHost.StartAsync(akka => akka
            .WithDurableCluster(static cluster => cluster.Port = 0)
            .WithNodeLocation(new NodeLocation("eu"))
            .WithClustering(new ClusterOptions { Roles = ["worker"] })));

        Assert.Contains("after WithDurableCluster", error.Rule, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_at_its_limit_refuses_the_next_server()
    {
        await using var host = await TestHost.StartAsync(akka => akka
            .WithLonelyCluster()
            .WithMemory()
            .WithCapacityLimits(new CapacityLimits { MaxServers = 1 })
            .WithDurableServer<Tally>("tally", static options => options.CallTimeout = TimeSpan.FromSeconds(20)));
        Assert.Equal(1, await host.Servers<Tally>()["a"].CallAsync(new Add()));

        await Assert.ThrowsAsync<CapacityExceededException>(async () => await host.Servers<Tally>()["b"].CallAsync(new Add()));
    }
}
