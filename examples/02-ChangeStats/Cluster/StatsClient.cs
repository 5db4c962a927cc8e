using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using AkkaDurable;
using AkkaDurable.Placement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChangeStats.Cluster;

/// <summary>A member of the cluster that runs no servers and only calls them.</summary>
internal sealed class StatsClient : IAsyncDisposable
{
    private static readonly TimeSpan s_pollEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_answerWithin = TimeSpan.FromSeconds(1);

    private readonly IHost _host;
    private readonly Akka.Cluster.Cluster _cluster;

    private StatsClient(IHost host)
    {
        _host = host;
        _cluster = Akka.Cluster.Cluster.Get(host.Services.GetRequiredService<ActorSystem>());
        Servers = host.Services.GetRequiredService<IDurableServers<FileStats>>();
    }

    public IDurableServers<FileStats> Servers { get; }

    public ActorSystem System => _cluster.System;

    /// <summary>Moves servers and drains nodes.</summary>
    public IPlacementControl Placement => _host.Services.GetRequiredService<IPlacementControl>();

    /// <summary>The nodes that run servers and can be reached, as far as this member knows.</summary>
    public IReadOnlyList<Member> ReachableNodes
    {
        get
        {
            var state = _cluster.State;
            return [.. state.Members.Where(member => member.Status == MemberStatus.Up && member.HasRole(StatsCluster.NodeRole) && !state.Unreachable.Contains(member))];
        }
    }

    public static async Task<StatsClient> StartAsync(IReadOnlyList<int> seeds, string logFile, CancellationToken cancellationToken)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddProvider(new LogFile(logFile));

        #region client
        builder.Services.AddDurableServers();
        builder.Services.AddAkka(StatsCluster.Name, akka => akka
            .ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.AddLoggerFactory();
                loggers.LogLevel = Akka.Event.LogLevel.WarningLevel; // remoting would have its last words on the screen
            })
            .WithDurableCluster(StatsCluster.Membership(port: 0, seeds, StatsCluster.FeederRole))
            .WithDurableServerProxy<FileStats>(StatsCluster.ServerType, StatsCluster.Servers(placement: null)));
        #endregion

        var host = builder.Build();
        try
        {
            await host.StartAsync(cancellationToken);
            return new StatsClient(host);
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>What tells the node at a port from one that ran there before.</summary>
    public UniqueAddress? Incarnation(int port) => ReachableNodes.FirstOrDefault(member => member.Address.Port == port)?.UniqueAddress;

    /// <summary>Waits until so many nodes take servers. Before, all servers would go to those that were first.</summary>
    public Task UntilReadyAsync(int nodes, TimeSpan patience, CancellationToken cancellationToken) =>
        UntilAsync($"{nodes} nodes that take servers", async () => ReachableNodes.Count == nodes && await CountRegionsAsync() == nodes, patience, cancellationToken);

    /// <summary>Waits until another process than before is a member at a port, and so many nodes can be reached.</summary>
    public Task UntilBackAsync(int port, UniqueAddress? before, int nodes, TimeSpan patience, CancellationToken cancellationToken) =>
        UntilAsync(
            $"the node at port {port} back in the cluster",
            () => Task.FromResult(ReachableNodes.Count == nodes && Incarnation(port) is { } now && now != before),
            patience,
            cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }

    private async Task UntilAsync(string what, Func<Task<bool>> condition, TimeSpan patience, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(s_pollEvery);
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > patience)
            {
                throw new TimeoutException(
                    $"{what}: not within {patience.TotalSeconds:0} s; members: {string.Join(", ", _cluster.State.Members)}; unreachable: {string.Join(", ", _cluster.State.Unreachable)}");
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private async Task<int> CountRegionsAsync()
    {
        try
        {
            var proxy = ClusterSharding.Get(_cluster.System).ShardRegionProxy(StatsCluster.ServerType);
            return (await proxy.Ask<CurrentRegions>(GetCurrentRegions.Instance, s_answerWithin)).Regions.Count;
        }
        catch (AskTimeoutException)
        {
            // The coordinator of the shards is not there yet.
            return 0;
        }
    }
}
