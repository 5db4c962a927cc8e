using Xunit.Abstractions;

namespace AkkaDurable.Process.Tests;

/// <summary>A node that is asked to stop, as by every deployment.</summary>
public sealed class StoppedNodeTests(ITestOutputHelper output)
{
    private const int Keys = 60;
    private const int WarmUp = 50;
    private const int Victim = 2;

    // What a crash costs; a stop in order must be far from it.
    private static readonly TimeSpan s_smallGap = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_node_that_is_asked_to_stop_hands_its_servers_over_and_ends()
    {
        await using var cluster = await ProcessCluster.StartAsync(postgres: false, output);
        var load = new Load(Keys);
        load.Start(cluster.Client.Servers, cluster.Deadline);
        await cluster.UntilEveryKeyMovesAsync(load, by: WarmUp);

        var node = cluster[Victim];
        load.MeasureGaps();
        cluster.Phase($"SIGTERM to {node.Name} (process {node.Pid})");
        node.ExpectEnd();
        Signals.SendTerminate(node.Pid);
        Assert.Equal(0, await cluster.UntilEndedAsync(Victim));
        cluster.Phase($"{node.Name} has ended");
        await cluster.UntilEveryKeyMovesAsync(load);
        Assert.True(load.WorstGap < s_smallGap, $"After SIGTERM to {node.Name}: expected every key to answer within {s_smallGap.TotalSeconds:0} s, found a gap of {load.WorstGap.TotalSeconds:0.0} s. {load}");

        await cluster.RestartAsync(Victim);
        await cluster.UntilEveryKeyMovesAsync(load);
        await load.FinishAsync();
        await cluster.AssertNothingIsLostOrDoubledAsync(load);
        cluster.Pass(load);
    }
}
