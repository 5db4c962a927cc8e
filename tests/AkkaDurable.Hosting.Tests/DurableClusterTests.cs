using Akka.Cluster;
using Akka.Cluster.Hosting;
using Akka.Configuration;
using Akka.Hosting;
using AkkaDurable.Hosting.Internal.Wiring;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AkkaDurable.Hosting.Tests;

public sealed class DurableClusterTests
{
    private static readonly string[] Web = ["web"];

    [Fact]
    public void Without_options_a_node_is_a_cluster_of_one_on_this_machine_only()
    {
        var config = ConfigOf(Builder().WithDurableCluster());

        Assert.Equal("localhost", config.GetString("akka.remote.dot-netty.tcp.hostname"));
        Assert.Equal(8110, config.GetInt("akka.remote.dot-netty.tcp.port"));
        Assert.Equal(["akka.tcp://shop@localhost:8110"], config.GetStringList("akka.cluster.seed-nodes"));
        Assert.Empty(config.GetStringList("akka.cluster.roles"));
    }

    [Fact]
    public void The_balanced_profile_sets_what_was_measured()
    {
        var config = ConfigOf(Builder().WithDurableCluster());

        Assert.Equal(TimeSpan.FromMilliseconds(500), config.GetTimeSpan("akka.cluster.failure-detector.heartbeat-interval"));
        Assert.Equal(TimeSpan.FromSeconds(2), config.GetTimeSpan("akka.cluster.failure-detector.acceptable-heartbeat-pause"));
        Assert.Equal(TimeSpan.FromSeconds(3), config.GetTimeSpan("akka.cluster.split-brain-resolver.stable-after"));
        Assert.Equal(TimeSpan.FromMilliseconds(250), config.GetTimeSpan("akka.cluster.gossip-interval"));
        Assert.Equal(TimeSpan.FromMilliseconds(250), config.GetTimeSpan("akka.cluster.leader-actions-interval"));
        Assert.Equal(TimeSpan.FromMilliseconds(200), config.GetTimeSpan("akka.cluster.sharding.retry-interval"));
        CheckCommon(config);
    }

    [Fact]
    public void The_patient_profile_leaves_Akkas_patience_alone()
    {
        var config = ConfigOf(Builder().WithDurableCluster(options => options.Profile = FailureProfile.Patient));

        Assert.False(config.HasPath("akka.cluster.failure-detector"));
        Assert.False(config.HasPath("akka.cluster.split-brain-resolver.stable-after"));
        Assert.Equal(TimeSpan.FromSeconds(2), config.GetTimeSpan("akka.cluster.sharding.retry-interval"));
        CheckCommon(config);
    }

    [Fact]
    public void Roles_are_merged_with_those_that_are_there()
    {
        var builder = Builder().WithClustering(new ClusterOptions { Roles = ["web", "api"] }).WithDurableCluster(options => options.Roles = ["worker", "web"]);

        Assert.Equal(["web", "api", "worker"], ConfigOf(builder).GetStringList("akka.cluster.roles"));
    }

    [Fact]
    public void Seed_nodes_that_are_there_are_kept_and_those_of_the_options_go_over_them()
    {
        const string Before = "akka.tcp://shop@before:1";
        const string Own = "akka.tcp://shop@own:2";

        Assert.Equal([Before], SeedsOf(Builder().WithClustering(new ClusterOptions { SeedNodes = [Before] }).WithDurableCluster()));
        Assert.Equal([Own], SeedsOf(Builder().WithClustering(new ClusterOptions { SeedNodes = [Before] }).WithDurableCluster(options => options.SeedNodes = [Own])));
        Assert.Equal(["akka.tcp://shop@public:3"], SeedsOf(Builder().WithDurableCluster(options =>
        {
            options.Hostname = "0.0.0.0";
            options.PublicHostname = "public";
            options.Port = 3;
        })));
        Assert.Empty(SeedsOf(Builder().WithDurableCluster(options => options.Port = 0)));
    }

    [Fact]
    public void A_node_that_joins_nothing_by_itself_is_warned_about()
    {
        Assert.Contains("joins no cluster", WarningOf(Builder().WithDurableCluster(options => options.Port = 0)));
        Assert.Null(WarningOf(Builder().WithDurableCluster()));
        Assert.Null(WarningOf(Builder().AddHocon("akka.cluster.seed-nodes = [\"akka.tcp://shop@before:1\"]", HoconAddMode.Prepend).WithDurableCluster(options => options.Port = 0)));
    }

    [Fact]
    public void A_public_port_is_what_others_know()
    {
        var builder = Builder().WithDurableCluster(options => options.PublicPort = 9);

        Assert.Equal(8110, ConfigOf(builder).GetInt("akka.remote.dot-netty.tcp.port"));
        Assert.Equal(9, ConfigOf(builder).GetInt("akka.remote.dot-netty.tcp.public-port"));
        Assert.Equal(["akka.tcp://shop@localhost:9"], SeedsOf(builder));
    }

    [Fact]
    public void HOCON_that_comes_later_goes_over_the_profile()
    {
        var builder = Builder().WithDurableCluster().AddHocon("akka.cluster.split-brain-resolver.stable-after = 7s", HoconAddMode.Prepend);

        Assert.Equal(TimeSpan.FromSeconds(7), ConfigOf(builder).GetTimeSpan("akka.cluster.split-brain-resolver.stable-after"));
    }

    [Fact]
    public void The_section_is_read_from_a_configuration_among_the_services()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("AkkaDurable:Cluster:Port", "9001"), new("AkkaDurable:Cluster:Hostname", "127.0.0.1")]).Build();

        var direct = Builder(services => services.AddSingleton<IConfiguration>(configuration)).WithDurableCluster(options => options.Hostname = "localhost");
        var byHost = Builder(services => services.AddSingleton(new HostBuilderContext(new Dictionary<object, object>()) { Configuration = configuration })).WithDurableCluster();

        Assert.Equal(["akka.tcp://shop@localhost:9001"], SeedsOf(direct));
        Assert.Equal(["akka.tcp://shop@127.0.0.1:9001"], SeedsOf(byHost));
    }

    [Fact]
    public async Task A_node_starts_with_its_roles_and_version_from_the_configuration()
    {
        await using var host = await TestHost.StartAsync(
            akka => akka.AddHocon("akka.cluster.roles = [web]", HoconAddMode.Prepend).WithDurableCluster().JoinItself(),
            ("Cluster:Port", "0"),
            ("Cluster:Roles:0", "worker"),
            ("Cluster:AppVersion", "2.1.0"));
        var self = Cluster.Get(host.System).SelfMember;

        Assert.Equal(Web.Append("worker").ToHashSet(), self.Roles.ToHashSet());
        Assert.Equal(Akka.Util.AppVersion.Create("2.1.0"), self.AppVersion);
        Assert.Equal("localhost", host.Address.Host);
        Assert.NotEqual(0, host.Address.Port);
    }

    [Fact]
    public async Task A_bad_cluster_option_stops_the_start()
    {
        var error = await Assert.ThrowsAsync<DurableConfigurationException>(() => TestHost.StartAsync(akka => akka.WithDurableCluster(), ("Cluster:Port", "65536")));

        Assert.Equal("AkkaDurable:Cluster:Port = 65536 is not allowed: it must be 0 to 65,535.", error.Message);
    }

    private static AkkaConfigurationBuilder Builder(Action<IServiceCollection>? add = null)
    {
        var services = new ServiceCollection();
        add?.Invoke(services);
        return new AkkaConfigurationBuilder(services, "shop");
    }

    private static Config ConfigOf(AkkaConfigurationBuilder builder) => builder.Configuration.Value;

    private static IList<string> SeedsOf(AkkaConfigurationBuilder builder) => ConfigOf(builder).GetStringList("akka.cluster.seed-nodes", []);

    private static string? WarningOf(AkkaConfigurationBuilder builder) => DurableHostSetup.Of(builder).Warning;

    private static void CheckCommon(Config config)
    {
        Assert.Equal(1024 * 1024, config.GetByteSize("akka.remote.dot-netty.tcp.maximum-frame-size"));
        Assert.Equal(TimeSpan.FromMilliseconds(100), config.GetTimeSpan("akka.cluster.down-removal-margin"));
        Assert.Equal("keep-majority", config.GetString("akka.cluster.split-brain-resolver.active-strategy"));
        Assert.Equal(TimeSpan.FromSeconds(20), config.GetTimeSpan("akka.cluster.sharding.handoff-timeout"));
        Assert.Empty(config.GetStringList("akka.cluster.sharding.distributed-data.durable.keys"));
        Assert.True(config.GetBoolean("akka.cluster.run-coordinated-shutdown-when-down"));
    }
}
