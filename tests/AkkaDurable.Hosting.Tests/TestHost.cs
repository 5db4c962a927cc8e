using Akka.Actor;
using Akka.Cluster;
using Akka.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AkkaDurable.Hosting.Tests;

/// <summary>A real host with one actor system, on a free port and with no log.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly IHost _host;

    private TestHost(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public ActorSystem System => Services.GetRequiredService<ActorSystem>();

    public Address Address => Cluster.Get(System).SelfAddress;

    public static HostApplicationBuilder Builder(params (string Key, string? Value)[] settings)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"AkkaDurable:{setting.Key}", setting.Value)));
        builder.Services.AddDurableServers();
        return builder;
    }

    /// <summary>Starts a host whose configuration below <c>AkkaDurable</c> is <paramref name="settings"/>.</summary>
    public static Task<TestHost> StartAsync(Action<AkkaConfigurationBuilder> akka, params (string Key, string? Value)[] settings) => StartAsync(Builder(settings), akka);

    public static async Task<TestHost> StartAsync(HostApplicationBuilder builder, Action<AkkaConfigurationBuilder> akka, string systemName = "test")
    {
        // Without loggers Akka's own complaints about a start that is meant to fail stay out of the test output.
        builder.Services.AddAkka(systemName, configuration => akka(configuration.ConfigureLoggers(loggers => loggers.ClearLoggers())));
        var host = builder.Build();
        try
        {
            await host.StartAsync();
        }
        catch
        {
            host.Dispose();
            throw;
        }

        return new TestHost(host);
    }

    public IDurableServers<TServer> Servers<TServer>()
        where TServer : DurableServer => Services.GetRequiredService<IDurableServers<TServer>>();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
