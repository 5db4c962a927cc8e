using System.Net;
using System.Net.Sockets;
using System.Text;
using Akka.Actor;
using Akka.Cluster;
using Akka.Hosting;
using AkkaDurable.Benchmarks.Contenders.OnAkka;
using AkkaDurable.Benchmarks.Databases;
using AkkaDurable.Placement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AkkaDurable.Benchmarks.Contenders.OnAkkaDurable;

/// <summary>Nodes in one process, as their hosts set them up, each with an admin API on a port of its own.</summary>
internal sealed class AdminCluster : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly List<(IHost Host, int Port)> _nodes = [];
    private readonly HttpClient _http = new();

    public IDurableServers<Counter> Counters => _nodes[0].Host.Services.GetRequiredService<IDurableServers<Counter>>();

    public static async Task<AdminCluster> StartAsync(IBenchDatabase database, IReadOnlyList<string> regions)
    {
        var cluster = new AdminCluster();
        foreach (var region in regions)
        {
            await cluster.AddAsync(database, region);
        }

        using var patience = new CancellationTokenSource(s_patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (Cluster.Get(cluster.SystemOf(0)).State.Members.Count(member => member.Status == MemberStatus.Up) < regions.Count)
        {
            await timer.WaitForNextTickAsync(patience.Token);
        }

        return cluster;
    }

    /// <summary>Asks a node's admin API, and reads the whole answer.</summary>
    public async Task AskAsync(int node, string command, string arguments)
    {
        using var content = new StringContent($$"""{"arguments":{{arguments}}}""", Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(new Uri($"http://127.0.0.1:{_nodes[node].Port}/akka-durable/commands/{command}"), content);
        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode || text.Contains("\"partial\":true", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{command} was answered with {(int)response.StatusCode}: {text}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        foreach (var (host, _) in Enumerable.Reverse(_nodes))
        {
            await host.StopAsync();
            host.Dispose();
        }
    }

    private ActorSystem SystemOf(int node) => _nodes[node].Host.Services.GetRequiredService<ActorSystem>();

    private async Task AddAsync(IBenchDatabase database, string region)
    {
        var first = _nodes.Count == 0 ? null : Cluster.Get(SystemOf(0)).SelfAddress;
        var port = FreePort();
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddDurableServers();
        builder.Services.AddAkka("bench", akka => akka
            .ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.LogLevel = Akka.Event.LogLevel.ErrorLevel;
            })
            .WithDurableCluster(cluster =>
            {
                cluster.Port = 0;
                cluster.EndProcessWhenDowned = false;
            })
            .WithNodeLocation(new NodeLocation(region))
            .WithDurableStateStore(_ => database.OpenStore("admin_", static _ => { }))
            .WithDurableServer<Counter>(DurableCounters.ServerType, options =>
            {
                options.ShardCount = ClusterNode.ShardCount;
                options.HomeRegion = static key => key[^1] < '3' ? "us" : "eu";
                options.PassivateAfter = Timeout.InfiniteTimeSpan;
                options.CallTimeout = ClusterNode.CallTimeout;
            })
            .WithActors((system, _) =>
            {
                var cluster = Cluster.Get(system);
                cluster.Join(first ?? cluster.SelfAddress);
            })
            .WithDurableAdmin(port));
        var host = builder.Build();
        _nodes.Add((host, port));
        await host.StartAsync();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
