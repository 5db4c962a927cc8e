using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace TwoRegions;

/// <summary>One process of the cluster. It stops when standard input ends, so that none outlives the demo.</summary>
internal static class Node
{
    public static async Task RunAsync(int port, string region, int[] seeds, string connection, CancellationToken cancellationToken)
    {
        var builder = Host.CreateApplicationBuilder();

        #region node
        builder.Services.AddDurableServers();
        builder.Services.AddAkka(Regions.Cluster, akka => akka
            .Join(port, seeds, Regions.NodeRole, region, connection)
            .WithDurableServer<Basket>("basket", Regions.Baskets)
            .WithDurableServer<Invoice>("invoice", Regions.Invoices));
        #endregion

        using var host = builder.Build();
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();

        // Reading the console blocks, also by its asynchronous methods, hence the thread.
        new Thread(() =>
        {
            Console.OpenStandardInput().CopyTo(Stream.Null);
            lifetime.StopApplication();
        })
        {
            IsBackground = true,
        }.Start();
        await host.RunAsync(cancellationToken);
    }
}
