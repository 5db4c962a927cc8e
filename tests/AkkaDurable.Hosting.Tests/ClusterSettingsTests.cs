using AkkaDurable.Hosting.Internal.Configuration;

namespace AkkaDurable.Hosting.Tests;

public sealed class ClusterSettingsTests
{
    private const string Section = "AkkaDurable:Cluster";

    [Fact]
    public void Each_option_is_read()
    {
        var options = Read(
            ("Hostname", "0.0.0.0"),
            ("PublicHostname", "node-1"),
            ("Port", "9000"),
            ("PublicPort", "9001"),
            ("SeedNodes:0", "akka.tcp://shop@node-1:9000"),
            ("SeedNodes:1", "akka.tcp://shop@node-2:9000"),
            ("Roles:0", "worker"),
            ("AppVersion", "2.1.0"),
            ("Profile", "patient"),
            ("SplitBrain", "leasemajority"),
            ("EndProcessWhenDowned", "false"));

        Assert.Equal("0.0.0.0", options.Hostname);
        Assert.Equal("node-1", options.PublicHostname);
        Assert.Equal(9000, options.Port);
        Assert.Equal(9001, options.PublicPort);
        Assert.Equal(["akka.tcp://shop@node-1:9000", "akka.tcp://shop@node-2:9000"], options.SeedNodes);
        Assert.Equal(["worker"], options.Roles);
        Assert.Equal("2.1.0", options.AppVersion);
        Assert.Equal(FailureProfile.Patient, options.Profile);
        Assert.Equal(SplitBrainStrategy.LeaseMajority, options.SplitBrain);
        Assert.False(options.EndProcessWhenDowned);
    }

    [Fact]
    public void Every_option_can_be_configured()
    {
        var error = Assert.Throws<DurableConfigurationException>(() => Read(("Nonsense", "1")));

        Assert.Equal(typeof(DurableClusterOptions).GetProperties().Select(property => property.Name).Order(StringComparer.Ordinal), error.Rule.Split("there are ")[1].Split(", "));
    }

    [Fact]
    public void Code_goes_over_configuration_and_may_add_to_its_lists()
    {
        var options = Read(
            options =>
            {
                options.Port = 1;
                options.Roles.Add("web");
            },
            ("Port", "2"),
            ("Roles:0", "worker"),
            ("Hostname", "127.0.0.1"));

        Assert.Equal(1, options.Port);
        Assert.Equal(["worker", "web"], options.Roles);
        Assert.Equal("127.0.0.1", options.Hostname);
    }

    [Fact]
    public void An_empty_list_is_a_list()
    {
        Assert.Empty(Read(("SeedNodes", "")).SeedNodes);
    }

    [Theory]
    [InlineData("Hostname", "", "it must be a host name or an IP address")]
    [InlineData("Hostname", "not a host", "it must be a host name or an IP address")]
    [InlineData("Hostname", "0.0.0.0", "a node that listens on all addresses needs a PublicHostname, by which the others reach it")]
    [InlineData("Hostname", "::", "a node that listens on all addresses needs a PublicHostname, by which the others reach it")]
    [InlineData("PublicHostname", "0.0.0.0", "it must be a host name or an IP address that other nodes can reach")]
    [InlineData("Port", "-1", "it must be 0 to 65,535")]
    [InlineData("Port", "65536", "it must be 0 to 65,535")]
    [InlineData("Port", "http", "it must be a whole number")]
    [InlineData("SeedNodes", "akka.tcp://shop@a:1", "it is a list: AkkaDurable:Cluster:SeedNodes:0, AkkaDurable:Cluster:SeedNodes:1 and so on")]
    [InlineData("AppVersion", " ", "a version is written like 2.1.0")]
    [InlineData("Profile", "Fast", "it must be Balanced or Patient")]
    [InlineData("Profile", "1", "it must be Balanced or Patient")]
    [InlineData("PublicPort", "0", "it must be 1 to 65,535")]
    [InlineData("PublicPort", "65536", "it must be 1 to 65,535")]
    [InlineData("SplitBrain", "KeepOldest", "it must be KeepMajority or LeaseMajority")]
    [InlineData("EndProcessWhenDowned", "no", "it must be true or false")]
    public void A_bad_value_is_refused_by_path_value_and_rule(string option, string value, string rule)
    {
        var error = Assert.Throws<DurableConfigurationException>(() => Read((option, value)));

        Assert.Equal($"{Section}:{option}", error.Option);
        Assert.Equal(value, error.Value);
        Assert.Equal(rule, error.Rule);
    }

    [Theory]
    [InlineData("localhost:8110")]
    [InlineData("akka.tcp://shop@localhost")]
    [InlineData("akka.tcp://shop@localhost:0")]
    [InlineData("akka.tcp://other@localhost:8110")]
    [InlineData("http://shop@localhost:8110")]
    [InlineData("")]
    public void A_seed_node_is_an_address_of_this_actor_system(string seed)
    {
        var error = Assert.Throws<DurableConfigurationException>(() => Read(("SeedNodes:0", seed)));

        Assert.Equal($"{Section}:SeedNodes", error.Option);
        Assert.Equal(seed, error.Value);
        Assert.Equal("a seed node is written akka.tcp://shop@host:port", error.Rule);
    }

    [Fact]
    public void Code_is_blamed_for_its_own_values()
    {
        Assert.Equal("DurableClusterOptions.Port", Assert.Throws<DurableConfigurationException>(() => Read(options => options.Port = -1, ("Port", "2"))).Option);
        Assert.Equal("DurableClusterOptions.Roles", Assert.Throws<DurableConfigurationException>(() => Read(options => options.Roles.Add(" "), ("Roles:0", "worker"))).Option);
        Assert.Equal("DurableClusterOptions.SeedNodes", Assert.Throws<DurableConfigurationException>(() => Read(options => options.SeedNodes = null!)).Option);
        Assert.Equal("DurableClusterOptions.Profile", Assert.Throws<DurableConfigurationException>(() => Read(options => options.Profile = (FailureProfile)7)).Option);
    }

    [Fact]
    public void Unless_told_otherwise_the_majority_is_kept_and_the_process_of_a_node_that_was_put_out_ends()
    {
        var options = Read();

        Assert.Equal(SplitBrainStrategy.KeepMajority, options.SplitBrain);
        Assert.True(options.EndProcessWhenDowned);
        Assert.Null(options.PublicPort);
        Assert.Equal("DurableClusterOptions.SplitBrain", Assert.Throws<DurableConfigurationException>(() => Read(options => options.SplitBrain = (SplitBrainStrategy)7)).Option);
    }

    private static DurableClusterOptions Read(params (string Key, string? Value)[] settings) => Read(null, settings);

    private static DurableClusterOptions Read(Action<DurableClusterOptions>? configure, params (string Key, string? Value)[] settings) =>
        ClusterSettings.Build(Settings.Section(Section, settings), "shop", configure);
}
