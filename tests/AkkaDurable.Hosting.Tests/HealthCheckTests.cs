using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace AkkaDurable.Hosting.Tests;

public sealed class HealthCheckTests
{
    private const string Name = "akka.durable.store";

    [Fact]
    public async Task The_store_is_healthy_while_it_answers_and_unhealthy_with_the_exception_when_not()
    {
        var store = new PingStore();
        await using var host = await StartAsync(akka => akka.WithLonelyCluster().WithDurableStateStore(_ => store).WithDurableServer<Tally>("tally"));

        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(host)).Status);

        store.Failure = new StoreUnavailableException("the cable is out");
        var report = await CheckAsync(host);

        Assert.Equal(HealthStatus.Unhealthy, report.Status);
        Assert.Same(store.Failure, report.Exception);

        store.Failure = null;
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(host)).Status);
    }

    [Fact]
    public async Task There_is_one_check_however_many_types_there_are()
    {
        await using var host = await StartAsync(akka => akka
            .WithDurableHealthCheck().WithLonelyCluster().WithMemory().WithDurableServer<Tally>("tally").WithDurableServer<Clock>("clock").WithDurableHealthCheck());

        var check = Assert.Single(host.Services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations, registration => registration.Name == Name);

        Assert.Equal(["akka", "akka.durable", "ready"], check.Tags.Order(StringComparer.Ordinal));
        Assert.Equal(TimeSpan.FromSeconds(5), check.Timeout);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(host)).Status);
    }

    private static Task<TestHost> StartAsync(Action<AkkaConfigurationBuilder> akka)
    {
        var builder = TestHost.Builder();
        builder.Services.AddHealthChecks();
        return TestHost.StartAsync(builder, akka);
    }

    private static async Task<HealthReportEntry> CheckAsync(TestHost host) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(registration => registration.Name == Name)).Entries[Name];
}
