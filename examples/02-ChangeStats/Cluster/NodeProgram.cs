using Akka.Actor;
using Akka.Hosting;
using AkkaDurable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChangeStats.Cluster;

/// <summary>The verb <c>node</c>: one process of the cluster.</summary>
internal static class NodeProgram
{
    /// <summary>What the process ends with when not every server could store its last state.</summary>
    public const int NotSaved = 3;

    /// <param name="options">What the node needs to know.</param>
    /// <param name="more">Adds what else shall run in the process.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(NodeOptions options, Action<IServiceCollection>? more, CancellationToken cancellationToken)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
        });

        #region node
        builder.Services.AddDurableServers();
        builder.Services.AddAkka(StatsCluster.Name, akka => akka
            .ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.AddLoggerFactory();
            })
            .WithDurableCluster(StatsCluster.Membership(options.Port, options.Seeds, StatsCluster.NodeRole))
            .WithNodeLocation(options.Placement?.Location)
            .WithDurableSql(options.Database.ConnectionString, options.Database.ProviderName)
            .WithDurableServer<FileStats>(StatsCluster.ServerType, StatsCluster.Servers(options.Placement)));
        #endregion

        more?.Invoke(builder.Services);
        using var host = builder.Build();
        if (options.UntilInputEnds)
        {
            StopWithInput(host.Services.GetRequiredService<IHostApplicationLifetime>());
        }

        #region stop
        await host.StartAsync(cancellationToken);
        var servers = DurableServers.Get(host.Services.GetRequiredService<ActorSystem>());
        await host.WaitForShutdownAsync(cancellationToken);
        return (await servers.Shutdown).IsComplete ? 0 : NotSaved;
        #endregion
    }

    // Reading the console blocks, also by its asynchronous methods, hence the thread.
    private static void StopWithInput(IHostApplicationLifetime lifetime) =>
        new Thread(() =>
        {
            Console.OpenStandardInput().CopyTo(Stream.Null);
            lifetime.StopApplication();
        })
        {
            IsBackground = true,
            Name = "until input ends",
        }.Start();
}
