using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Cluster;
using Akka.Hosting;
using AkkaDurable;
using ChangeStats.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TwoRegions;

/// <summary>Six nodes in two regions, and a caller; one region is killed and comes back.</summary>
internal sealed class Demo(string folder, CancellationToken cancellationToken)
{
    private const int NodesInEach = 3;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(250);
    private static readonly string[] s_baskets = ["eu/anna", "eu/ben", "us/carol", "us/dave", "us/erin"];
    private static readonly string[] s_invoices = ["eu/17", "us/18"];

    private readonly TimeProvider _time = TimeProvider.System;

    /// <returns>Whether every key came home and no count is wrong.</returns>
    public async Task<bool> RunAsync()
    {
        var connection = $"Data Source={Path.Combine(folder, "two-regions.db")}";
        var ports = FreePorts();
        var nodes = ports.Select((port, i) => new NodeProcess($"node {i + 1}", i < NodesInEach ? Regions.Europe : Regions.America, port, ports, connection, Path.Combine(folder, $"node-{i + 1}.log"))).ToArray();
        try
        {
            foreach (var node in nodes)
            {
                node.Start();
            }

            using var caller = CreateCaller(ports, connection);
            await caller.StartAsync(cancellationToken);
            try
            {
                return await RunAsync(nodes, caller.Services);
            }
            finally
            {
                await caller.StopAsync(CancellationToken.None);
            }
        }
        finally
        {
            await Task.WhenAll(nodes.Select(node => node.DisposeAsync().AsTask()));
        }
    }

    private async Task<bool> RunAsync(NodeProcess[] nodes, IServiceProvider services)
    {
        NodeProcess? At(string address) => Array.Find(nodes, node => address.EndsWith($":{node.Port}", StringComparison.Ordinal));
        var (baskets, invoices) = (services.GetRequiredService<IDurableServers<Basket>>(), services.GetRequiredService<IDurableServers<Invoice>>());
        Row[] rows = [.. s_baskets.Select(key => new Row("basket", baskets[key], At)), .. s_invoices.Select(key => new Row("invoice", invoices[key], At))];
        var table = new Table(rows, Console.Out, redraw: !Console.IsOutputRedirected, _time);
        var cluster = Cluster.Get(services.GetRequiredService<ActorSystem>());
        table.Say($"{nodes.Length} processes start, {NodesInEach} in {Regions.Europe} and {NodesInEach} in {Regions.America}");
        await UntilAsync("all nodes are up", table, () => cluster.State.Members.Count(member => member.Status == MemberStatus.Up && member.HasRole(Regions.NodeRole)) == nodes.Length);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var calls = rows.Select(row => row.CallAsync(stop.Token)).ToArray();
        await UntilAsync("every key is served in its home region", table, () => rows.All(row => row.IsHome));

        var american = rows.Where(row => row.Home == Regions.America).ToArray();
        table.Say($"kill -9 of all nodes in {Regions.America}; baskets are held for it for {Regions.Hold.TotalSeconds:0} s, invoices for good");
        await Task.WhenAll(nodes.Where(node => node.Region == Regions.America).Select(node => node.KillAsync()));
        await UntilAsync(
            $"the baskets of {Regions.America} are served in {Regions.Europe}; its invoice waits for it",
            table,
            () => american.All(row => row.Name.StartsWith("basket", StringComparison.Ordinal) ? row.RunsOn?.Region == Regions.Europe && row.Trouble is null : row.Trouble is not null));

        foreach (var node in nodes.Where(node => node.Region == Regions.America))
        {
            node.Start();
        }

        table.Say($"the nodes in {Regions.America} are started again; baskets go home when it has been healthy for {Regions.Settle.TotalSeconds:0} s");
        await UntilAsync("every key is home again", table, () => rows.All(row => row.IsHome));

        await stop.CancelAsync();
        await Task.WhenAll(calls).WaitAsync(s_patience, _time, cancellationToken);
        var wrong = rows.Where(row => !row.IsRight).ToArray();
        table.Say(wrong.Length == 0
            ? $"{rows.Sum(row => row.Acknowledged):N0} calls acknowledged, each counted once"
            : $"WRONG: {string.Join(", ", wrong.Select(row => $"{row.Name} counted {row.Counted} of {row.Acknowledged}"))}");
        return wrong.Length == 0;
    }

    private IHost CreateCaller(int[] seeds, string connection)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddProvider(new LogFile(Path.Combine(folder, "caller.log")));

        #region caller
        builder.Services.AddDurableServers();
        builder.Services.AddAkka(Regions.Cluster, akka => akka
            .Join(port: 0, seeds, role: "caller", Regions.Europe, connection)
            .WithDurableServerProxy<Basket>("basket", Regions.Baskets)
            .WithDurableServerProxy<Invoice>("invoice", Regions.Invoices));
        #endregion

        return builder.Build();
    }

    private async Task UntilAsync(string what, Table table, Func<bool> condition)
    {
        var start = _time.GetTimestamp();
        using var timer = new PeriodicTimer(s_lookEvery, _time);
        while (!condition())
        {
            table.Draw();
            if (_time.GetElapsedTime(start) > s_patience)
            {
                throw new TimeoutException($"{what}: not within {s_patience.TotalSeconds:0} s");
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }

        table.Draw();
        table.Say($"{what}, {_time.GetElapsedTime(start).TotalSeconds:0.0} s later");
    }

    // All are held until all are found, so that none comes twice.
    private static int[] FreePorts()
    {
        var listeners = Enumerable.Range(0, 2 * NodesInEach).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        Array.ForEach(listeners, listener => listener.Start());
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        Array.ForEach(listeners, listener => listener.Dispose());
        return ports;
    }
}
