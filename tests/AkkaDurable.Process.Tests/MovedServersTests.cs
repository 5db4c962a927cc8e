using AkkaDurable.Placement;
using Xunit.Abstractions;

namespace AkkaDurable.Process.Tests;

/// <summary>Servers that an operator moves while they are called: calls wait, and none fails.</summary>
public sealed class MovedServersTests(ITestOutputHelper output)
{
    // Three times what is promised of a machine of its own: this one runs the load, all nodes and other work.
    private static readonly TimeSpan s_worstWhileDrained = TimeSpan.FromSeconds(3 * 2);
    private static readonly TimeSpan s_worstWhileMoved = TimeSpan.FromMilliseconds(3 * 500);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task No_call_fails_while_a_node_with_a_thousand_servers_is_drained()
    {
        const int Keys = 2_200;
        await using var cluster = await ProcessCluster.StartAsync(postgres: false, output, nodes: 2);
        var load = new Load(Keys, pace: TimeSpan.FromSeconds(3));
        load.Start(cluster.Client.Servers, cluster.Deadline);
        await cluster.UntilEveryKeyMovesAsync(load, by: 2);
        var servers = await cluster.CountByNodeAsync(load);
        var (node, count) = servers.MaxBy(one => one.Value);
        Assert.True(count >= 1_000, $"Expected a node with 1,000 servers, found {count}.");

        var failed = load.Failed;
        load.MeasureGaps();
        var acknowledged = load.Acknowledged;
        cluster.Phase($"drain {node}, which has {count:N0} of {Keys:N0} servers; {failed} calls failed so far");
        var start = TimeProvider.System.GetTimestamp();
        var drained = await cluster.Client.Placement.DrainAsync(node, cluster.Deadline);
        Assert.True(drained.IsDone, drained.Text);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!(cluster.Client.Placement.ShardsLeftOn(node) is { Count: > 0 } left && left.Values.All(shards => shards == 0)))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < s_patience, $"The node was not empty within {s_patience.TotalSeconds:0} s; left: {string.Join(", ", cluster.Client.Placement.ShardsLeftOn(node))}.");
            await timer.WaitForNextTickAsync(cluster.Deadline);
        }

        var empty = TimeProvider.System.GetElapsedTime(start);
        await cluster.UntilEveryKeyMovesAsync(load);
        cluster.Phase(
            $"{count:N0} servers drained in {empty.TotalSeconds:0.0} s: {load.Failed - failed} failed calls of {load.Acknowledged - acknowledged:N0}, the worst took {load.LongestCall.TotalMilliseconds:0} ms");
        await load.FinishAsync();
        Assert.DoesNotContain(node, (await cluster.CountByNodeAsync(load)).Keys);
        Assert.Equal(failed, load.Failed);
        Assert.True(load.LongestCall < s_worstWhileDrained, $"Expected no call to take {s_worstWhileDrained.TotalSeconds:0} s, found {load.LongestCall.TotalSeconds:0.0} s.");
        await cluster.AssertNothingIsLostOrDoubledAsync(load);
        cluster.Pass(load);
    }

    [Fact]
    public async Task No_call_fails_while_a_shard_is_moved_to_and_fro()
    {
        const int Moves = 3;
        await using var cluster = await ProcessCluster.StartAsync(postgres: false, output, nodes: 2);
        var load = new Load(keys: 60);
        load.Start(cluster.Client.Servers, cluster.Deadline);
        await cluster.UntilEveryKeyMovesAsync(load, by: 50);

        // A busy machine may not have every process ready within the first calls' time-out.
        var failed = load.Failed;
        load.MeasureGaps();
        var acknowledged = load.Acknowledged;
        var server = cluster.Client.Servers[Load.NameOf(1)];
        for (var move = 0; move < Moves; move++)
        {
            var from = (await server.InfoAsync())!.Node;
            var start = TimeProvider.System.GetTimestamp();
            var moved = await server.RehomeAsync(cancellationToken: cluster.Deadline);
            cluster.Phase($"{moved.Outcome} after {TimeProvider.System.GetElapsedTime(start).TotalMilliseconds:0} ms: {moved.Text}");
            Assert.Equal(PlacementCommandOutcome.Done, moved.Outcome);
            await cluster.UntilEveryKeyMovesAsync(load);
            Assert.NotEqual(from, (await server.InfoAsync())!.Node);
        }

        var moving = load.Keys.Single(key => key.Key == server.Key).LongestCall;
        cluster.Phase($"{Moves} moves: {load.Failed - failed} failed calls of {load.Acknowledged - acknowledged:N0}, the worst to the moved server took {moving.TotalMilliseconds:0} ms, to any {load.LongestCall.TotalMilliseconds:0} ms");
        await load.FinishAsync();
        Assert.Equal(failed, load.Failed);
        Assert.True(moving < s_worstWhileMoved, $"Expected no call to the moved server to take {s_worstWhileMoved.TotalMilliseconds:0} ms, found {moving.TotalMilliseconds:0} ms.");
        await cluster.AssertNothingIsLostOrDoubledAsync(load);
        cluster.Pass(load);
    }
}
