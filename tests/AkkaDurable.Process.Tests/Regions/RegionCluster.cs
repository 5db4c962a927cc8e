using AkkaDurable.TestSupport.Network;
using ChangeStats.Cluster;
using ChangeStats.Demo;
using Xunit.Abstractions;

namespace AkkaDurable.Process.Tests.Regions;

/// <summary>Nodes in several regions, each a process, over one database that all regions reach, and a caller in each region.</summary>
internal sealed class RegionCluster : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan s_deadline = TimeSpan.FromMinutes(4);

    private readonly ITestOutputHelper _output;
    private readonly TemporaryFolder _folder;
    private readonly DemoDatabase _database;
    private readonly List<RegionNode> _nodes = [];
    private readonly List<RegionCaller> _callers = [];
    private readonly CancellationTokenSource _stop = new(s_deadline);
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private string _phase = "start";

    private RegionCluster(ITestOutputHelper output, TemporaryFolder folder, DemoDatabase database)
    {
        _output = output;
        _folder = folder;
        _database = database;
    }

    public RegionNetwork Network { get; } = new();

    /// <summary>Ends every wait when the test has taken too long.</summary>
    public CancellationToken Deadline => _stop.Token;

    public IReadOnlyList<RegionNode> Nodes => _nodes;

    public IReadOnlyList<RegionCaller> Callers => _callers;

    public DatabaseAddress Database => _database.Address;

    /// <summary>Starts the processes and the callers and waits until all nodes take servers.</summary>
    /// <param name="output">Gets what happens and when.</param>
    /// <param name="postgres">Whether the database is a PostgreSQL server, else a SQLite file.</param>
    /// <param name="splitBrain">Which side of a cut network lives on.</param>
    /// <param name="regions">Their names.</param>
    /// <param name="nodesPerRegion">How many nodes there are in each.</param>
    /// <param name="placement">What nodes and callers of a region are told of it; left out: nothing, the regions are those of the network only.</param>
    public static async Task<RegionCluster> StartAsync(ITestOutputHelper output, bool postgres, SplitBrainStrategy splitBrain, IReadOnlyList<string> regions, int nodesPerRegion, Func<string, NodePlacement>? placement = null)
    {
        var folder = new TemporaryFolder { KeepLogs = true };
        var cluster = new RegionCluster(output, folder, postgres ? await DemoDatabase.StartPostgresAsync() : DemoDatabase.Sqlite(folder.Database));
        try
        {
            cluster.StartNodes(splitBrain, regions, nodesPerRegion, placement);
            cluster.Phase($"{cluster.Nodes.Count} processes in the regions {string.Join(", ", regions)} on {cluster._database.Description}; logs in {cluster._folder.Logs}");
            var seeds = cluster.Nodes.Select(node => node.PublicPort).ToList();
            foreach (var region in regions)
            {
                cluster._callers.Add(await RegionCaller.StartAsync(region, cluster.Network, seeds, splitBrain, cluster.Database, Path.Combine(cluster._folder.Logs, $"caller-{region}.log"), placement?.Invoke(region), cluster.Deadline));
            }

            foreach (var caller in cluster.Callers)
            {
                await cluster.UntilAsync($"the caller in {caller.Region} sees every node", () => caller.IsReadyAsync(cluster.Nodes.Count), s_patience, () => caller.Members);
            }

            cluster.Phase("every node takes servers");
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public RegionCaller CallerIn(string region) => Callers.Single(caller => caller.Region == region);

    public IEnumerable<RegionNode> NodesIn(string region) => Nodes.Where(node => node.Region == region);

    /// <summary>Says what happens next; the name is part of every failure.</summary>
    public void Phase(string phase)
    {
        _phase = phase;
        _output.WriteLine($"{TimeProvider.System.GetElapsedTime(_start).TotalSeconds,6:0.0} s  {phase}");
    }

    public Task UntilAsync(string what, Func<bool> condition, TimeSpan patience, Func<string> found) => UntilAsync(what, () => Task.FromResult(condition()), patience, found);

    public async Task UntilAsync(string what, Func<Task<bool>> condition, TimeSpan patience, Func<string> found)
    {
        var start = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > patience)
            {
                throw Failure($"{what}: not within {patience.TotalSeconds:0} s; {found()}");
            }

            await timer.WaitForNextTickAsync(Deadline);
        }
    }

    public Xunit.Sdk.XunitException Failure(string what) => new($"In the phase '{_phase}': {what}");

    /// <summary>Call it last: the logs of a test that does not come so far are kept.</summary>
    public void Pass(string figures)
    {
        Phase($"passed: {figures}");
        _folder.KeepLogs = false;
    }

    public async ValueTask DisposeAsync()
    {
        if (_folder.KeepLogs)
        {
            _output.WriteLine($"failed in the phase '{_phase}'; the logs stay in {_folder.Logs}");
        }

        Network.Heal();
        await Task.WhenAll(Callers.Select(caller => caller.DisposeAsync().AsTask()));
        await Task.WhenAll(Nodes.Select(node => node.Process.DisposeAsync().AsTask()));
        await Network.DisposeAsync();
        await _database.DisposeAsync();
        _folder.Dispose();
        _stop.Dispose();
    }

    private void StartNodes(SplitBrainStrategy splitBrain, IReadOnlyList<string> regions, int nodesPerRegion, Func<string, NodePlacement>? placement)
    {
        var places = regions.SelectMany(region => Enumerable.Repeat(region, nodesPerRegion)).ToArray();
        var ports = FreePorts.Take(places.Length);
        var publicPorts = places.Select((region, i) => Network.Add(region, ports[i])).ToArray();
        for (var i = 0; i < places.Length; i++)
        {
            var publicPort = publicPorts[i];
            var name = $"node-{i + 1}-{places[i]}";
            _nodes.Add(new RegionNode(places[i], publicPort, new NodeProcess(
                name,
                new NodeOptions(ports[i], publicPorts, Database, UntilInputEnds: true, placement?.Invoke(places[i])),
                Path.Combine(_folder.Logs, $"{name}.log"),
                arguments =>
                {
                    var start = ThisProgram.With(arguments);
                    start.Environment["AkkaDurable__Cluster__PublicPort"] = $"{publicPort}";
                    start.Environment["AkkaDurable__Cluster__SplitBrain"] = $"{splitBrain}";
                    return start;
                })));
        }

        foreach (var node in _nodes)
        {
            node.Process.Start();
        }
    }
}
