using Akka.Cluster;
using Akka.Configuration;
using Akka.Coordination;
using Akka.Hosting;
using AkkaDurable.Hosting.Internal.Clustering;
using AkkaDurable.Sql;
using Microsoft.Data.Sqlite;

namespace AkkaDurable.Hosting.Tests;

public sealed class SplitBrainTests : IDisposable
{
    private const string LeasePath = "akka-durable.split-brain-lease";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(FailureProfile.Balanced, 4, 1)]
    [InlineData(FailureProfile.Patient, 15, 3)]
    public void A_holder_that_is_lost_has_lost_the_lease_when_the_others_decide(FailureProfile profile, int timeToLive, int interval)
    {
        // Akka's own, where the profile leaves them alone.
        var config = FailureProfileHocon.Of(profile, SplitBrainStrategy.LeaseMajority).WithFallback(ConfigurationFactory.ParseString(
            "akka.cluster { failure-detector.acceptable-heartbeat-pause = 3s, split-brain-resolver { stable-after = 20s, lease-majority.release-after = 40s } }"));

        Assert.Equal("lease-majority", config.GetString("akka.cluster.split-brain-resolver.active-strategy"));
        Assert.Equal(LeasePath, config.GetString("akka.cluster.split-brain-resolver.lease-majority.lease-implementation"));
        Assert.Equal(TimeSpan.FromSeconds(timeToLive), config.GetTimeSpan($"{LeasePath}.heartbeat-timeout"));
        Assert.Equal(TimeSpan.FromSeconds(interval), config.GetTimeSpan($"{LeasePath}.heartbeat-interval"));
        var soonest = config.GetTimeSpan("akka.cluster.failure-detector.acceptable-heartbeat-pause") + config.GetTimeSpan("akka.cluster.split-brain-resolver.stable-after");
        Assert.True(config.GetTimeSpan($"{LeasePath}.heartbeat-timeout") < soonest);
        Assert.True(config.GetTimeSpan("akka.cluster.split-brain-resolver.lease-majority.release-after") > soonest * 1.5);
    }

    [Fact]
    public async Task The_resolver_gets_its_lease_from_the_database_of_the_states()
    {
        var file = _folder.File("shared.db");
        await using var host = await TestHost.StartAsync(
            akka => akka.WithDurableSql($"Data Source={file}").WithDurableCluster(cluster => cluster.Port = 0).JoinItself(), ("Cluster:SplitBrain", "LeaseMajority"));

        var lease = LeaseProvider.Get(host.System).GetLease("test-akka-sbr", LeasePath, "test@here:1");
        Assert.IsType<SqlLease>(lease);
        Assert.True(await lease.Acquire());
        Assert.True(lease.CheckLease());
        Assert.Equal("test@here:1", await OwnerAsync(file));
        Assert.True(await lease.Release());

        // The one that the resolver made when the cluster was started.
        var self = Cluster.Get(host.System).SelfAddress;
        Assert.True(await LeaseProvider.Get(host.System).GetLease("test-akka-sbr", LeasePath, $"{self.System}@{self.Host}:{self.Port}").Acquire());
    }

    [Fact]
    public async Task A_node_that_only_calls_finds_the_database_in_the_configuration()
    {
        var file = _folder.File("shared.db");
        await using var host = await TestHost.StartAsync(
            akka => akka.WithDurableCluster(cluster =>
            {
                cluster.Port = 0;
                cluster.SplitBrain = SplitBrainStrategy.LeaseMajority;
            }).WithDurableServerProxy<Tally>("tally", server => server.Role = "worker").JoinItself(),
            ("Sql:ConnectionString", $"Data Source={file}"));

        Assert.True(File.Exists(file));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lease_without_a_database_that_all_nodes_share_stops_the_start(bool otherStore)
    {
        var error = await Assert.ThrowsAsync<DurableConfigurationException>(() => TestHost.StartAsync(akka =>
        {
            akka.WithDurableCluster(cluster =>
            {
                cluster.Port = 0;
                cluster.SplitBrain = SplitBrainStrategy.LeaseMajority;
            });
            if (otherStore)
            {
                akka.WithMemory();
            }
        }));

        Assert.Equal("DurableClusterOptions.SplitBrain", error.Option);
        Assert.Equal("LeaseMajority", error.Value);
        Assert.Contains("WithDurableSql", error.Rule, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_somebody_else_stops_the_start()
    {
        var file = _folder.File("theirs.db");
        await using (var connection = new SqliteConnection($"Data Source={file};Pooling=false"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE durable_sbr_leases (id INTEGER)";
            await command.ExecuteNonQueryAsync();
        }

        await Assert.ThrowsAsync<StoreSchemaException>(() => TestHost.StartAsync(akka => akka.WithDurableSql($"Data Source={file}").WithDurableCluster(cluster =>
        {
            cluster.Port = 0;
            cluster.SplitBrain = SplitBrainStrategy.LeaseMajority;
        })));
    }

    private static async Task<string?> OwnerAsync(string file)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT owner FROM durable_sbr_leases WHERE holder <> 0";
        return (string?)await command.ExecuteScalarAsync();
    }
}
