using Akka.Hosting;
using AkkaDurable.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace AkkaDurable.Hosting.Tests;

public sealed class InjectionTests
{
    [Fact]
    public async Task Injected_servers_are_called()
    {
        await using var host = await TestHost.StartAsync(akka => akka.WithLonelyCluster().WithMemory().WithDurableServer<Tally>("tally"));
        var tallies = host.Services.GetRequiredService<IDurableServers<Tally>>();

        Assert.Equal("tally", tallies.ServerType);
        Assert.Equal(1, await tallies["a"].CallAsync(new Add()));
        Assert.Equal(3, await tallies["a"].CallAsync(new Add(2)));
        Assert.Equal(1, await DurableServers.Get(host.System).For<Tally>()["b"].CallAsync(new Add()));
        Assert.Same(tallies, host.Services.GetRequiredService<IDurableServers<Tally>>());
    }

    [Fact]
    public async Task Without_AddDurableServers_the_servers_are_had_from_the_actor_system()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        await using var host = await TestHost.StartAsync(builder, akka => akka.WithLonelyCluster().WithMemory().WithDurableServer<Tally>("tally"));

        Assert.Null(host.Services.GetService<IDurableServers<Tally>>());
        Assert.Equal(1, await DurableServers.Get(host.System).For<Tally>()["a"].CallAsync(new Add()));
    }

    [Fact]
    public async Task Who_is_injected_before_the_type_is_registered_gets_a_clear_error_and_then_the_servers()
    {
        var builder = TestHost.Builder();
        builder.Services.AddSingleton<Greeting>().AddSingleton<LedgerLog>().AddScoped<Ledger>();

        // Hosted services start in the order of their registration: this one before Akka.
        builder.Services.AddSingleton<EarlyBird>().AddHostedService(services => services.GetRequiredService<EarlyBird>());
        await using var host = await TestHost.StartAsync(builder, akka => akka.WithLonelyCluster().WithMemory().WithDurableServer<Greeter>("greeter"));
        var early = host.Services.GetRequiredService<EarlyBird>();

        var error = Assert.IsType<InvalidOperationException>(early.Error);
        Assert.Contains("Greeter is not registered on this node", error.Message);
        Assert.Equal("hello anna", await early.Greeters["anna"].CallAsync(new GetGreeting()));
    }

    [Fact]
    public void AddDurableServers_may_be_called_twice_and_leaves_a_registration_of_the_app_alone()
    {
        var own = new ServiceCollection().AddSingleton(typeof(IDurableServers<>), typeof(NoServers<>)).AddDurableServers().AddDurableServers();

        Assert.Equal(typeof(NoServers<>), Assert.Single(own, service => service.ServiceType == typeof(IDurableServers<>)).ImplementationType);
        Assert.Equal(4, new ServiceCollection().AddDurableServers().AddDurableServers().Count);
    }

    [Fact]
    public async Task A_constructor_gets_services_and_its_scope_ends_with_the_server()
    {
        var builder = TestHost.Builder();
        builder.Services.AddSingleton(new Greeting { Text = "good morning" }).AddSingleton<LedgerLog>().AddScoped<Ledger>();
        await using var host = await TestHost.StartAsync(builder, akka => akka.WithLonelyCluster().WithMemory().WithDurableServer<Greeter>("greeter"));
        var anna = host.Servers<Greeter>()["anna"];

        Assert.Equal("good morning anna", await anna.CallAsync(new GetGreeting()));
        var ledger = await anna.CallAsync(new GetLedger());
        Assert.Equal(ledger, await anna.CallAsync(new GetLedger()));
        Assert.NotEqual(ledger, await host.Servers<Greeter>()["bert"].CallAsync(new GetLedger()));
        var disposed = host.Services.GetRequiredService<LedgerLog>().Disposed.Task;
        Assert.False(disposed.IsCompleted);

        Assert.True(await anna.StopAsync());

        Assert.Equal(ledger, await disposed.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Servers_go_by_the_apps_time_and_log_to_the_apps_log()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2031, 5, 6, 7, 8, 9, TimeSpan.Zero));
        var log = new RecordingLoggerProvider();
        var builder = TestHost.Builder();
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Logging.AddProvider(log);
        await using var host = await TestHost.StartAsync(builder, akka => akka
            .WithLonelyCluster().WithMemory().WithDurableServer<Tally>("tally").WithDurableServer<Clock>("clock"));

        Assert.Equal(time.GetUtcNow(), await host.Servers<Clock>()["a"].CallAsync(new GetTime()));
        Assert.True(await host.Servers<Tally>()["a"].CallAsync(new LogSomething("seen by the app")));
        Assert.Contains((typeof(Tally).FullName!, "seen by the app"), log.Entries);
    }

    [Fact]
    public async Task A_setup_of_the_apps_own_is_completed_and_not_replaced()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var store = new InMemoryStateStore();
        await using var host = await TestHost.StartAsync(akka => akka
            .WithLonelyCluster()
            .WithDurableServer<Clock>("clock")
            .AddSetup(new DurableServersSetup { Time = time, StateStore = _ => store }));

        Assert.Equal(time.GetUtcNow(), await host.Servers<Clock>()["a"].CallAsync(new GetTime()));
        Assert.Same(store, DurableServers.Get(host.System).Store);
    }

    private sealed class EarlyBird(IDurableServers<Greeter> greeters) : IHostedService
    {
        public IDurableServers<Greeter> Greeters => greeters;

        public Exception? Error { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken)
        {
            Error = Record.Exception(() => greeters["anna"]);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class NoServers<TServer> : IDurableServers<TServer>
        where TServer : DurableServer
    {
        public string ServerType => "none";

        public ServerRef this[string key] => default;

        public Task<ServerPage> ListAsync(ServerFilter? filter = null, string? afterKey = null, int pageSize = 100, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public IAsyncEnumerable<ServerInfo> AllAsync(ServerFilter? filter = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<IReadOnlyDictionary<ServerStatus, long>> CountAsync(ServerFilter? filter = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
