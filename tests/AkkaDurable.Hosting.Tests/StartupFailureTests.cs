using System.Net;
using System.Net.Sockets;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AkkaDurable.Hosting.Tests;

public sealed class StartupFailureTests
{
    [Fact]
    public async Task A_bad_server_option_in_the_configuration_stops_the_start()
    {
        var error = await Assert.ThrowsAsync<DurableConfigurationException>(() => TestHost.StartAsync(
            akka => akka.WithLonelyCluster().WithMemory().WithDurableServer<Tally>("tally"), ("Servers:tally:ShardCount", "abc")));

        Assert.Equal("AkkaDurable:Servers:tally:ShardCount = abc is not allowed: it must be a whole number.", error.Message);
    }

    [Fact]
    public async Task A_bad_server_option_in_the_code_stops_the_start()
    {
        var error = await Assert.ThrowsAsync<DurableConfigurationException>(() => TestHost.StartAsync(
            akka => akka.WithLonelyCluster().WithMemory().WithDurableServer<Tally>("tally", options => options.MaxStateSize = 0)));

        Assert.Equal("DurableServerOptions.MaxStateSize of 'tally' = 0 is not allowed: it must be 1 byte to 1 GiB.", error.Message);
    }

    [Fact]
    public async Task A_bad_sql_option_in_the_configuration_stops_the_start()
    {
        var error = await Assert.ThrowsAsync<DurableConfigurationException>(() => TestHost.StartAsync(
            akka => akka.WithLonelyCluster().WithDurableServer<Tally>("tally"), ("Sql:Writers", "99")));

        Assert.Equal("AkkaDurable:Sql:Writers = 99 is not allowed: it must be from 1 to 16.", error.Message);
    }

    [Fact]
    public async Task A_misspelt_section_stops_the_start()
    {
        var error = await Assert.ThrowsAsync<DurableConfigurationException>(() => TestHost.StartAsync(
            akka => akka.WithLonelyCluster().WithMemory().WithDurableServer<Tally>("tally"), ("Server:tally:ShardCount", "7")));

        Assert.Equal("AkkaDurable:Server", error.Option);
    }

    [Fact]
    public async Task A_connection_string_that_is_not_there_is_refused()
    {
        string? missing = null;

        var error = await Assert.ThrowsAsync<DurableConfigurationException>(() => TestHost.StartAsync(akka => akka.WithLonelyCluster().WithDurableSql(missing!)));

        Assert.Equal("WithDurableSql.connectionString", error.Option);
    }

    [Fact]
    public async Task Two_types_of_one_name_stop_the_start()
    {
        var error = await Assert.ThrowsAsync<DurableConfigurationException>(() => TestHost.StartAsync(
            akka => akka.WithLonelyCluster().WithMemory().WithDurableServer<Tally>("same").WithDurableServer<Clock>("same")));

        Assert.Equal("same", error.Value);
        Assert.Contains("AkkaDurable.Hosting.Tests.Tally is registered under it on this node already", error.Message);
    }

    [Fact]
    public async Task A_node_without_a_cluster_does_not_start()
    {
        var error = await Assert.ThrowsAsync<DurableConfigurationException>(() => TestHost.StartAsync(akka => akka.WithMemory().WithDurableServer<Tally>("tally")));

        Assert.Equal("akka.actor.provider", error.Option);
        Assert.Contains("durable servers need a cluster", error.Message);
    }

    [Fact]
    public async Task A_database_that_refuses_connections_stops_the_start()
    {
        var builder = TestHost.Builder();
        builder.Services.AddAkka("test", akka => akka
            .ConfigureLoggers(loggers => loggers.ClearLoggers())
            .WithLonelyCluster()
            .WithDurableSql($"Host=127.0.0.1;Port={ClosedPort()};Username=nobody;Password=secret")
            .WithDurableServer<Tally>("tally"));
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<StoreUnavailableException>(() => host.StartAsync());

        Assert.DoesNotContain("secret", error.ToString());
        Assert.False(host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.IsCancellationRequested);
    }

    [Fact]
    public async Task A_database_that_never_answers_stops_the_start()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => TestHost.StartAsync(
            akka => akka.WithLonelyCluster().WithDurableServer<Tally>("tally"),
            ("Sql:ConnectionString", $"Host=127.0.0.1;Port={((IPEndPoint)silent.LocalEndpoint).Port};Username=nobody"),
            ("Sql:CommandTimeout", "00:00:01")));
    }

    private static int ClosedPort()
    {
        // Given back at once; the system does not hand it out again soon.
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
