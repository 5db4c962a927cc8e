using Akka.Hosting;
using AkkaDurable.Sql;
using Microsoft.Extensions.Logging;

namespace AkkaDurable.Hosting.Tests;

public sealed class StoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task States_outlive_the_host_in_an_SQLite_file_that_the_code_names()
    {
        var connectionString = $"Data Source={_folder.File("tally.db")}";
        await using (var first = await TestHost.StartAsync(akka => akka.WithLonelyCluster().WithDurableSql(connectionString).WithDurableServer<Tally>("tally")))
        {
            Assert.Equal(2, await first.Servers<Tally>()["a"].CallAsync(new Add(2)));
        }

        await using var second = await TestHost.StartAsync(akka => akka.WithLonelyCluster().WithDurableSql(connectionString, SqlProviderNames.Sqlite).WithDurableServer<Tally>("tally"));

        Assert.Equal(5, await second.Servers<Tally>()["a"].CallAsync(new Add(3)));
    }

    [Fact]
    public async Task The_configuration_names_the_database_where_the_code_does_not()
    {
        var file = _folder.File("configured.db");
        await using var host = await TestHost.StartAsync(akka => akka.WithLonelyCluster().WithDurableServer<Tally>("tally"), ("Sql:ConnectionString", $"Data Source={file}"));

        Assert.Equal(1, await host.Servers<Tally>()["a"].CallAsync(new Add()));
        Assert.True(File.Exists(file));
    }

    [Fact]
    public async Task The_code_goes_over_the_configuration()
    {
        var (configured, coded) = (_folder.File("configured.db"), _folder.File("coded.db"));
        await using var host = await TestHost.StartAsync(
            akka => akka.WithLonelyCluster().WithDurableSql(sql => sql.ConnectionString = $"Data Source={coded}").WithDurableServer<Tally>("tally"),
            ("Sql:ConnectionString", $"Data Source={configured}"));

        Assert.Equal(1, await host.Servers<Tally>()["a"].CallAsync(new Add()));
        Assert.True(File.Exists(coded));
        Assert.False(File.Exists(configured));
    }

    [Fact]
    public async Task With_nothing_configured_it_is_a_file_beside_the_app_and_the_log_says_so()
    {
        var systemName = $"default-{Guid.NewGuid():N}";
        var file = Path.Combine(AppContext.BaseDirectory, $"{systemName}.durable.db");
        var log = new RecordingLoggerProvider();
        var builder = TestHost.Builder();
        builder.Logging.AddProvider(log);
        try
        {
            await using (var host = await TestHost.StartAsync(builder, akka => akka.WithLonelyCluster().WithDurableServer<Tally>("tally"), systemName))
            {
                Assert.Equal(1, await host.Servers<Tally>()["a"].CallAsync(new Add()));
            }

            Assert.True(File.Exists(file));
            Assert.Contains(log.Entries, entry => entry.Message.Contains(file, StringComparison.Ordinal));
        }
        finally
        {
            foreach (var left in Directory.GetFiles(AppContext.BaseDirectory, $"{systemName}.*"))
            {
                File.Delete(left);
            }
        }
    }

    [Fact]
    public async Task A_changed_number_of_shards_is_refused()
    {
        var settings = ("Sql:ConnectionString", (string?)$"Data Source={_folder.File("shards.db")}");
        await using (await TestHost.StartAsync(akka => akka.WithLonelyCluster().WithDurableServer<Tally>("tally"), settings, ("Servers:tally:ShardCount", "7")))
        {
            // That it starts is all it is for.
        }

        var error = await Assert.ThrowsAsync<DurableConfigurationException>(() => TestHost.StartAsync(
            akka => akka.WithLonelyCluster().WithDurableServer<Tally>("tally"), settings, ("Servers:tally:ShardCount", "8")));

        Assert.Contains("ShardCount of 'tally' = 8 is not allowed", error.Message);
        Assert.Contains("spread over 7 shards", error.Message);
    }
}
