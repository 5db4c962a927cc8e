using AkkaDurable.Placement.Internal.Locations;

namespace AkkaDurable.Placement.Tests;

public sealed class NodeLocationTests
{
    [Theory]
    [InlineData("")]
    [InlineData("EU")]
    [InlineData("eu west")]
    [InlineData("-eu")]
    [InlineData("eu-")]
    [InlineData("eu~1")]
    [InlineData("é")]
    [InlineData("a23456789012345678901234567890123")]
    public void A_bad_region_is_refused_with_the_rule(string region)
    {
        Assert.Contains("1 to 32 lower-case letters", Assert.Throws<ArgumentException>(() => new NodeLocation(region)).Message, StringComparison.Ordinal);
        Assert.False(NodeLocation.IsRegionName(region));
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("a b", null)]
    [InlineData(null, "a/b")]
    [InlineData(null, "\u00fcber")]
    public void A_bad_zone_or_machine_is_refused(string? zone, string? machine) =>
        Assert.Throws<ArgumentException>(() => new NodeLocation("eu", zone, machine));

    [Fact]
    public void A_bad_label_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new NodeLocation("eu", Labels: new Dictionary<string, string> { ["a.b"] = "1" }));
        Assert.Throws<ArgumentException>(() => new NodeLocation("eu", Labels: new Dictionary<string, string> { ["a"] = "" }));
    }

    [Fact]
    public void Roles_are_merged_with_the_users_and_read_back()
    {
        var location = new NodeLocation("eu-west", "eu-west-1a", "m.1", new Dictionary<string, string> { ["rack"] = "r.7", ["disk"] = "ssd" });
        var roles = location.MergeRoles(["web", "dc-us", "web"]);
        Assert.Equal("web dc-eu-west dc.zone.eu-west-1a dc.machine.m.1 dc.label.disk.ssd dc.label.rack.r.7", string.Join(' ', roles));
        Assert.Equal(location, NodeLocation.FromRoles(roles));
        Assert.Equal(location.GetHashCode(), NodeLocation.FromRoles(roles).GetHashCode());
    }

    [Theory]
    [InlineData("web")]
    [InlineData("dc-")]
    [InlineData("dc-EU")]
    [InlineData("dc.zone.")]
    [InlineData("dc.label.x")]
    public void Roles_that_say_nothing_of_it_are_passed_over(string role) =>
        Assert.Equal(new NodeLocation(NodeLocation.DefaultRegion), NodeLocation.FromRoles([role]));

    [Fact]
    public void Our_own_variables_come_before_those_of_the_cloud()
    {
        var environment = new Dictionary<string, string>
        {
            ["AKKA_DURABLE_REGION"] = "eu",
            ["FLY_REGION"] = "ams",
            ["AKKA_DURABLE_ZONE"] = "a",
            ["FLY_MACHINE_ID"] = "148e",
            ["AKKA_DURABLE_LABEL_RACK"] = "r1",
        };
        Assert.Equal(new NodeLocation("eu", "a", "148e", new Dictionary<string, string> { ["rack"] = "r1" }), EnvironmentLocation.Read(environment, "host"));
    }

    [Fact]
    public void Names_of_a_cloud_are_made_to_fit_and_our_own_are_not()
    {
        Assert.Equal(new NodeLocation("west-europe", null, "my-host"), EnvironmentLocation.Read(new Dictionary<string, string> { ["REGION_NAME"] = "West Europe" }, "my host"));
        Assert.Throws<ArgumentException>(() => EnvironmentLocation.Read(new Dictionary<string, string> { ["AKKA_DURABLE_REGION"] = "West Europe" }, "host"));
        Assert.Equal(new NodeLocation("default", null, "host"), EnvironmentLocation.Read(new Dictionary<string, string> { ["AKKA_DURABLE_REGION"] = "" }, "host"));
    }
}
