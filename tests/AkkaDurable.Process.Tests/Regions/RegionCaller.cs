using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using AkkaDurable.TestSupport.Network;
using ChangeStats;
using ChangeStats.Cluster;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AkkaDurable.Process.Tests.Regions;

/// <summary>A member of the cluster in one region, in this process, that runs no servers and only calls them.</summary>
internal sealed class RegionCaller : IAsyncDisposable
{
    private static readonly TimeSpan s_answerWithin = TimeSpan.FromSeconds(1);

    private readonly IHost _host;
    private readonly Akka.Cluster.Cluster _cluster;
    private readonly int _exitCode = Environment.ExitCode;

    private RegionCaller(string region, IHost host)
    {
        Region = region;
        _host = host;
        System = host.Services.GetRequiredService<ActorSystem>();
        _cluster = Akka.Cluster.Cluster.Get(System);
        Servers = host.Services.GetRequiredService<IDurableServers<FileStats>>();
    }

    public string Region { get; }

    public ActorSystem System { get; }

    public IDurableServers<FileStats> Servers { get; }

    /// <summary>The public ports of the nodes that run servers and can be reached, as far as this member knows.</summary>
    public IReadOnlyList<int> ReachableNodes
    {
        get
        {
            var state = _cluster.State;
            return [.. state.Members.Where(member => member.Status == MemberStatus.Up && member.HasRole(StatsCluster.NodeRole) && !state.Unreachable.Contains(member)).Select(member => member.Address.Port ?? 0).Order()];
        }
    }

    public string Members => $"members: {string.Join(", ", _cluster.State.Members)}; unreachable: {string.Join(", ", _cluster.State.Unreachable)}";

    /// <param name="region">Where it is.</param>
    /// <param name="network">Where it becomes a node, too.</param>
    /// <param name="seeds">The public ports of the nodes.</param>
    /// <param name="splitBrain">As on the nodes.</param>
    /// <param name="database">As on the nodes.</param>
    /// <param name="logFile">Gets its log.</param>
    /// <param name="placement">What it is told of its region.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<RegionCaller> StartAsync(
        string region, RegionNetwork network, IReadOnlyList<int> seeds, SplitBrainStrategy splitBrain, DatabaseAddress database, string logFile, NodePlacement? placement, CancellationToken cancellationToken)
    {
        var port = FreePorts.Take(1)[0];
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddProvider(new LogFile(logFile));
        builder.Services.AddDurableServers();
        builder.Services.AddAkka(StatsCluster.Name, akka => akka
            .ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.AddLoggerFactory();
            })
            .WithDurableCluster(cluster =>
            {
                StatsCluster.Membership(port, seeds, StatsCluster.FeederRole)(cluster);
                cluster.PublicPort = network.Add(region, port);
                cluster.SplitBrain = splitBrain;

                // It may be put out; that must not be the end of the test.
                cluster.EndProcessWhenDowned = false;
            })
            .WithNodeLocation(placement?.Location)
            .WithDurableSql(database.ConnectionString, database.ProviderName)
            .WithDurableServerProxy<FileStats>(StatsCluster.ServerType, StatsCluster.Servers(placement)));

        var host = builder.Build();
        try
        {
            await host.StartAsync(cancellationToken);
            return new RegionCaller(region, host);
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>Whether so many nodes take servers, as far as this member knows.</summary>
    public async Task<bool> IsReadyAsync(int nodes)
    {
        try
        {
            var proxy = ClusterSharding.Get(System).ShardRegionProxy(StatsCluster.ServerType);
            return ReachableNodes.Count == nodes && (await proxy.Ask<CurrentRegions>(GetCurrentRegions.Instance, s_answerWithin)).Regions.Count == nodes;
        }
        catch (AskTimeoutException)
        {
            // The coordinator of the shards is not there yet.
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();

        // Akka.Hosting sets it for a member that was put out.
        Environment.ExitCode = _exitCode;
    }
}
