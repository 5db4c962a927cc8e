using Xunit.Abstractions;

namespace AkkaDurable.Process.Tests.Regions;

/// <summary>With <c>LeaseMajority</c> each loss of a node takes the lease, which the node that decided holds for 40 s: what else goes wrong in that time must not put out the cluster.</summary>
public sealed class LeaseHolderTests(ITestOutputHelper output)
{
    private const int Keys = 40;
    private const int WarmUp = 5;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    // Promised of the profile Balanced.
    private static readonly TimeSpan s_servedWithin = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_second_node_may_be_lost_while_the_lease_is_held_for_the_first()
    {
        await using var cluster = await RegionCluster.StartAsync(output, postgres: false, SplitBrainStrategy.LeaseMajority, ["a", "b"], nodesPerRegion: 2);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cluster.Deadline);
        var load = new RegionLoad([.. Enumerable.Range(1, Keys).Select(Load.NameOf)]);
        var caller = cluster.CallerIn("a");
        load.Start(caller, stop.Token);
        await UntilEveryKeyMovesAsync(cluster, load, WarmUp);

        // The one with the lowest address decides while it lives; when it is back, it decides again, and another one holds the lease.
        var byAddress = cluster.Nodes.OrderBy(node => node.PublicPort).ToList();
        var first = await KillAsync(cluster, load, byAddress[0]);
        byAddress[0].Process.Start();
        cluster.Phase($"{byAddress[0].Process.Name} started again");
        await cluster.UntilAsync("it is back", () => caller.IsReadyAsync(cluster.Nodes.Count), s_patience, () => caller.Members);

        var second = await KillAsync(cluster, load, byAddress[^1]);
        await stop.CancelAsync();
        await load.UntilStoppedAsync();
        Assert.Equal(cluster.Nodes.Count - 1, caller.ReachableNodes.Count);
        Assert.True(first <= s_servedWithin && second <= s_servedWithin, $"Expected every key to be served within {s_servedWithin.TotalSeconds:0} s of each kill, found {first.TotalSeconds:0.0} s and {second.TotalSeconds:0.0} s.");
        cluster.Pass($"every key served {first.TotalSeconds:0.0} s and {second.TotalSeconds:0.0} s after the kills");
    }

    private static async Task<TimeSpan> KillAsync(RegionCluster cluster, RegionLoad load, RegionNode victim)
    {
        cluster.Phase($"kill -9 {victim.Process.Name} (process {victim.Process.Pid})");
        var start = TimeProvider.System.GetTimestamp();
        await victim.Process.KillAsync(cluster.Deadline);
        await UntilEveryKeyMovesAsync(cluster, load, 1);
        var took = TimeProvider.System.GetElapsedTime(start);
        cluster.Phase($"every key answers, after {took.TotalSeconds:0.0} s");
        return took;
    }

    private static async Task UntilEveryKeyMovesAsync(RegionCluster cluster, RegionLoad load, int by)
    {
        var now = TimeProvider.System.GetTimestamp();
        await cluster.UntilAsync(
            "every key moves", () => load.Keys.All(key => load.Of(key).Count(one => one.SentAt > now) >= by), s_patience, () => $"{load.Total:N0} changes; failed calls: {load.Failures}");
    }
}
