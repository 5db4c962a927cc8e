using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;

namespace AkkaDurable.Benchmarks.Contenders.OnOrleans;

/// <summary>Silos and clients on loopback.</summary>
internal static class OrleansSilo
{
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Never = TimeSpan.FromDays(1);

    /// <param name="storage">Where grain state goes; null for nowhere.</param>
    /// <param name="gatewayPort">Where clients connect; 0 for any free port.</param>
    /// <param name="siloPort">Where other silos connect; 0 for any free port.</param>
    /// <param name="primaryPort">The port of a silo whose cluster it joins; 0 for a cluster of its own.</param>
    public static async Task<IHost> StartAsync(OrleansStorage? storage, int gatewayPort = 0, int siloPort = 0, int primaryPort = 0)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(
                siloPort == 0 ? FreePort() : siloPort, gatewayPort == 0 ? FreePort() : gatewayPort, primaryPort == 0 ? null : new IPEndPoint(IPAddress.Loopback, primaryPort));
            silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = options.SystemResponseTimeout = ResponseTimeout);
            silo.Configure<GrainCollectionOptions>(options => options.CollectionAge = Never);
            storage?.Add(silo);
        });
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    /// <summary>A client in another process than the silo.</summary>
    public static async Task<IHost> ConnectAsync(int gatewayPort)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client =>
        {
            client.UseLocalhostClustering(gatewayPort);
            client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = ResponseTimeout);
        });
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static async Task StopAsync(IHost host)
    {
        await host.StopAsync();
        host.Dispose();
    }

    /// <summary>References are made once, as one does on a hot path.</summary>
    public static ICounterGrain[] Grains(IHost host, string[] keys, bool isStored)
    {
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        return [.. keys.Select(key => isStored ? (ICounterGrain)grains.GetGrain<IStoredCounterGrain>(key) : grains.GetGrain<IPlainCounterGrain>(key))];
    }
}
