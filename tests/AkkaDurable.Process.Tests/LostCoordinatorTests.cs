using Akka.Cluster;
using Xunit.Abstractions;

namespace AkkaDurable.Process.Tests;

/// <summary>The node that decides where shards go is gone. What has its place already needs no decision.</summary>
public sealed class LostCoordinatorTests(ITestOutputHelper output)
{
    private const int Keys = 60;
    private const int WarmUp = 50;

    [Fact]
    public async Task No_call_to_a_server_on_another_node_fails_when_the_coordinators_node_is_killed()
    {
        await using var cluster = await ProcessCluster.StartAsync(postgres: false, output);
        var load = new Load(Keys);
        load.Start(cluster.Client.Servers, cluster.Deadline);
        await cluster.UntilEveryKeyMovesAsync(load, by: WarmUp);

        // A cluster singleton, as the coordinator is one, runs on the oldest member.
        var port = cluster.Client.ReachableNodes.Order(Member.AgeOrdering).First().Address.Port!.Value;
        var victim = Enumerable.Range(1, 3).Single(number => cluster[number].Port == port);
        var onOthers = new List<LoadKey>();
        foreach (var key in load.Keys)
        {
            var info = await cluster.Client.Servers[key.Key].InfoAsync();
            if (!info!.Node.EndsWith($":{port}", StringComparison.Ordinal))
            {
                onOthers.Add(key);
            }
        }

        Assert.InRange(onOthers.Count, 1, Keys - 1);
        load.MeasureGaps();
        await cluster.KillAsync(victim);
        await cluster.UntilEveryKeyMovesAsync(load);
        var calls = onOthers.Sum(key => key.Acknowledged);
        var longest = onOthers.Max(key => key.LongestCall);
        cluster.Phase($"{onOthers.Count} keys on other nodes, of {Keys}: {onOthers.Sum(key => key.Failed)} failed calls of {calls:N0}, the longest took {longest.TotalMilliseconds:0} ms");
        Assert.All(onOthers, key => Assert.Equal((key.Key, 0L), (key.Key, key.Failed)));

        await cluster.RestartAsync(victim);
        await cluster.UntilEveryKeyMovesAsync(load);
        await load.FinishAsync();
        await cluster.AssertNothingIsLostOrDoubledAsync(load);
        cluster.Pass(load);
    }
}
