using System.Diagnostics;
using ChangeStats.Cluster;
using ChangeStats.Demo;
using Microsoft.Data.Sqlite;
using Xunit.Abstractions;

namespace AkkaDurable.Process.Tests;

/// <summary>Nodes that are asked to stop, as by every deployment.</summary>
public sealed class StoppedNodeTests(ITestOutputHelper output)
{
    private const int Keys = 60;
    private const int WarmUp = 50;
    private const int Victim = 2;

    // What a crash costs; a stop in order must be far from it.
    private static readonly TimeSpan s_smallGap = TimeSpan.FromSeconds(5);

    // The default of DurableServersSetup.ShutdownBudget.
    private static readonly TimeSpan s_budget = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_node_that_is_asked_to_stop_hands_its_servers_over_and_ends()
    {
        await using var cluster = await ProcessCluster.StartAsync(postgres: false, output);
        var load = new Load(Keys);
        load.Start(cluster.Client.Servers, cluster.Deadline);
        await cluster.UntilEveryKeyMovesAsync(load, by: WarmUp);

        var failed = load.Failed;
        load.MeasureGaps();
        await StopAsync(cluster, Victim);
        await cluster.UntilEveryKeyMovesAsync(load);
        AssertUnharmed(cluster, load, failed);

        await cluster.RestartAsync(Victim);
        await cluster.UntilEveryKeyMovesAsync(load);
        await load.FinishAsync();
        await cluster.AssertNothingIsLostOrDoubledAsync(load);
        cluster.Pass(load);
    }

    [Fact]
    public async Task A_node_with_a_thousand_servers_stops_under_load_and_no_call_fails()
    {
        const int Many = 2_200;
        await using var cluster = await ProcessCluster.StartAsync(postgres: false, output, nodes: 2);
        var load = new Load(Many, pace: TimeSpan.FromSeconds(2));
        load.Start(cluster.Client.Servers, cluster.Deadline);
        await cluster.UntilEveryKeyMovesAsync(load, by: 2);
        var servers = await cluster.CountByNodeAsync(load);
        var (address, count) = servers.MaxBy(one => one.Value);
        Assert.True(count >= 1_000, $"Expected a node with 1,000 servers, found {count}.");
        var node = Enumerable.Range(1, 2).Single(number => address.EndsWith($":{cluster[number].Port}", StringComparison.Ordinal));

        var failed = load.Failed;
        load.MeasureGaps();
        cluster.Phase($"{cluster[node].Name} has {count:N0} of {Many:N0} servers; {failed} calls failed so far");
        await StopAsync(cluster, node);
        await cluster.UntilEveryKeyMovesAsync(load);
        AssertUnharmed(cluster, load, failed);
        await load.FinishAsync();
        await cluster.AssertNothingIsLostOrDoubledAsync(load);
        cluster.Pass(load);
    }

    [Fact]
    public async Task A_rolling_restart_of_all_nodes_under_load_fails_no_call()
    {
        await using var cluster = await ProcessCluster.StartAsync(postgres: false, output);
        var load = new Load(Keys, pace: TimeSpan.FromMilliseconds(20));
        load.Start(cluster.Client.Servers, cluster.Deadline);
        await cluster.UntilEveryKeyMovesAsync(load, by: WarmUp);

        var failed = load.Failed;
        load.MeasureGaps();
        for (var node = 1; node <= 3; node++)
        {
            await StopAsync(cluster, node);
            await cluster.RestartAsync(node);
            await cluster.UntilEveryKeyMovesAsync(load);
            cluster.Phase($"so far {load.Failed - failed} failed calls, the worst took {load.LongestCall.TotalMilliseconds:0} ms");
        }

        AssertUnharmed(cluster, load, failed);
        await load.FinishAsync();
        await cluster.AssertNothingIsLostOrDoubledAsync(load);
        cluster.Pass(load);
    }

    [Fact]
    public async Task A_node_that_cannot_save_its_servers_ends_in_time_with_another_exit_code_and_names_them()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Database;
        await using var cluster = await ProcessCluster.StartAsync(postgres: false, output, nodes: 1, sqliteFile: file);
        var load = new Load(keys: 10);
        load.Start(cluster.Client.Servers, cluster.Deadline);
        await cluster.UntilEveryKeyMovesAsync(load);
        await load.FinishAsync();

        // Whoever writes waits for the one who writes already.
        await using var other = new SqliteConnection($"Data Source={file}");
        await other.OpenAsync(cluster.Deadline);
        await using (var write = other.BeginTransaction(deferred: false))
        {
            cluster.Phase($"the file is being written; SIGTERM to {cluster[1].Name}");
            cluster[1].ExpectEnd();
            var start = Stopwatch.GetTimestamp();
            Signals.SendTerminate(cluster[1].Pid);
            Assert.Equal(NodeProgram.NotSaved, await cluster.UntilEndedAsync(1));
            var took = Stopwatch.GetElapsedTime(start);
            cluster.Phase($"{cluster[1].Name} has ended after {took.TotalSeconds:0.0} s");
            Assert.True(took < s_budget, $"It took {took.TotalSeconds:0.0} s.");
            var told = Assert.Single(cluster[1].LastLines(1000).Split('\n'), static line => line.Contains("the last state of 10 of 10 servers could not be stored", StringComparison.Ordinal));
            Assert.All(load.Keys, key => Assert.Contains($"file-stats/{key.Key} (", told, StringComparison.Ordinal));
        }

        // What was acknowledged had been stored before.
        cluster.StartAll();
        await cluster.ConnectAsync();
        await cluster.AssertNothingIsLostOrDoubledAsync(load);
        cluster.Pass(load);
    }

    private static async Task StopAsync(ProcessCluster cluster, int number)
    {
        var node = cluster[number];
        cluster.Phase($"SIGTERM to {node.Name} (process {node.Pid})");
        node.ExpectEnd();
        var start = Stopwatch.GetTimestamp();
        Signals.SendTerminate(node.Pid);

        // That is: all its servers were saved.
        Assert.Equal(0, await cluster.UntilEndedAsync(number));
        var took = Stopwatch.GetElapsedTime(start);
        cluster.Phase($"{node.Name} has ended after {took.TotalSeconds:0.0} s");
        Assert.True(took < s_budget, $"{node.Name} ended after {took.TotalSeconds:0.0} s, which is more than its budget of {s_budget.TotalSeconds:0} s.");
    }

    private static void AssertUnharmed(ProcessCluster cluster, Load load, long failedBefore)
    {
        cluster.Phase($"{load.Failed - failedBefore} failed calls, the worst took {load.LongestCall.TotalMilliseconds:0} ms, worst gap {load.WorstGap.TotalMilliseconds:0} ms");
        Assert.True(load.Failed == failedBefore, $"{load.Failed - failedBefore} calls failed. {load}");
        Assert.True(load.WorstGap < s_smallGap, $"Expected every key to answer within {s_smallGap.TotalSeconds:0} s, found a gap of {load.WorstGap.TotalSeconds:0.0} s. {load}");
    }
}
