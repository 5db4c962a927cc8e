using System.Globalization;
using AkkaDurable.TestSupport.Postgres;
using Xunit.Abstractions;

namespace AkkaDurable.Process.Tests.Regions;

/// <summary>The network between regions is cut. One side lives on; the processes of the other end, and join again when they are started again and the network has healed.</summary>
public sealed class SplitRegionsTests(ITestOutputHelper output)
{
    private const int Keys = 60;

    // Time for every caller to change every key.
    private const int WarmUp = 5;

    // From the cut on, with the profile Balanced.
    private static readonly TimeSpan s_servedWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_endedWithin = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private static readonly string[] s_three = ["a", "b", "c"];
    private static readonly string[] s_two = ["a", "b"];

    [Fact]
    public Task Of_three_regions_the_one_that_is_cut_off_goes_down_and_the_others_serve_every_key() =>
        SplitAsync(postgres: false, SplitBrainStrategy.KeepMajority, s_three, nodesPerRegion: 2);

    [PostgresFact]
    public Task Of_two_regions_the_one_that_gets_the_lease_in_PostgreSQL_serves_every_key() =>
        SplitAsync(postgres: true, SplitBrainStrategy.LeaseMajority, s_two, nodesPerRegion: 3);

    [Fact]
    public Task Of_two_regions_the_one_that_gets_the_lease_in_SQLite_serves_every_key() =>
        SplitAsync(postgres: false, SplitBrainStrategy.LeaseMajority, s_two, nodesPerRegion: 3);

    private async Task SplitAsync(bool postgres, SplitBrainStrategy splitBrain, string[] regions, int nodesPerRegion)
    {
        await using var cluster = await RegionCluster.StartAsync(output, postgres, splitBrain, regions, nodesPerRegion);
        var load = new RegionLoad([.. Enumerable.Range(1, Keys).Select(Load.NameOf)]);
        var stops = regions.ToDictionary(region => region, _ => CancellationTokenSource.CreateLinkedTokenSource(cluster.Deadline));
        foreach (var caller in cluster.Callers)
        {
            load.Start(caller, stops[caller.Region].Token);
        }

        await cluster.UntilAsync(
            "every caller changes every key",
            () => load.Keys.All(key => regions.All(region => load.Of(key).Count(one => one.Region == region) >= WarmUp)),
            s_patience,
            () => $"{load.Total:N0} changes; failed calls: {load.Failures}");

        var cutOff = regions[^1];
        cluster.Phase($"cut region {cutOff} off, after {load.Total:N0} changes");
        foreach (var node in cluster.Nodes)
        {
            node.Process.ExpectEnd();
        }

        cluster.Network.CutOff(cutOff);
        var cut = TimeProvider.System.GetTimestamp();
        var (winners, losers) = await OutcomeAsync(cluster, regions, cutOff);

        // With three regions it is known who loses.
        Assert.True(regions.Length == 2 || losers.SequenceEqual([cutOff]), $"Expected region {cutOff} to go down, found {string.Join(", ", losers)}.");
        await cluster.UntilAsync(
            "the surviving side serves every key",
            () => load.Keys.All(key => load.Of(key).Any(one => winners.Contains(one.Region) && one.SentAt > cut)),
            s_patience,
            () => $"failed calls: {load.Failures}");
        var last = load.Keys.Max(key => TimeProvider.System.GetElapsedTime(cut, load.Of(key).First(one => winners.Contains(one.Region) && one.SentAt > cut).At));
        cluster.Phase($"regions {string.Join(", ", winners)} serve every key; the last one {last.TotalSeconds:0.0} s after the cut");

        foreach (var region in losers)
        {
            await stops[region].CancelAsync();
        }

        await RejoinAsync(cluster, winners, losers);
        await cluster.UntilAsync(
            "the surviving side goes on",
            () => load.Keys.All(key => load.Of(key).Count(one => winners.Contains(one.Region) && one.SentAt > cut) >= WarmUp),
            s_patience,
            () => $"failed calls: {load.Failures}");
        foreach (var stop in stops.Values)
        {
            await stop.CancelAsync();
        }

        await load.UntilStoppedAsync();
        await AssertNothingIsLostOrDoubledAsync(cluster, load, winners, losers, cut);
        Assert.True(last <= s_servedWithin, $"Expected every key to be served within {s_servedWithin.TotalSeconds:0} s of the cut, found {last.TotalSeconds:0.0} s.");
        cluster.Pass($"{load.Total:N0} changes of {Keys} keys acknowledged; the last key served {last.TotalSeconds:0.0} s after the cut; failed calls: {load.Failures}");
        foreach (var stop in stops.Values)
        {
            stop.Dispose();
        }
    }

    /// <summary>Waits until all processes of one side have ended, and not as if nothing had happened.</summary>
    private static async Task<(string[] Winners, string[] Losers)> OutcomeAsync(RegionCluster cluster, string[] regions, string cutOff)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cluster.Deadline);
        var start = TimeProvider.System.GetTimestamp();
        var exits = cluster.Nodes.ToDictionary(node => node, node => node.Process.WaitForExitAsync(enough.Token));
        string[][] sides = [[cutOff], [.. regions.Where(region => region != cutOff)]];
        bool HasEnded(string[] side) => cluster.Nodes.Where(node => side.Contains(node.Region)).All(node => exits[node].IsCompleted);
        await cluster.UntilAsync("the processes of one side end", () => sides.Any(HasEnded), s_endedWithin, () => string.Join("; ", cluster.Nodes.Select(node => $"{node.Process.Name} {(exits[node].IsCompleted ? "ended" : "runs")}")));

        var losers = sides.First(HasEnded);
        var winners = regions.Except(losers).ToArray();
        foreach (var node in cluster.Nodes.Where(node => losers.Contains(node.Region)))
        {
            Assert.NotEqual(0, await exits[node]);
        }

        cluster.Phase($"the processes of region {string.Join(", ", losers)} have ended, {TimeProvider.System.GetElapsedTime(start).TotalSeconds:0.0} s after the cut, with exit codes {string.Join(", ", await Task.WhenAll(exits.Where(exit => losers.Contains(exit.Key.Region)).Select(exit => exit.Value)))}");
        Assert.All(cluster.Nodes.Where(node => winners.Contains(node.Region)), node => Assert.False(exits[node].IsCompleted, $"{node.Process.Name} has ended, too:\n{node.Process.LastLines(15)}"));
        await enough.CancelAsync();
        return (winners, losers);
    }

    /// <summary>The network heals and the processes are started again, as by whoever runs them.</summary>
    private static async Task RejoinAsync(RegionCluster cluster, string[] winners, string[] losers)
    {
        cluster.Network.Heal();
        var again = cluster.Nodes.Where(node => losers.Contains(node.Region)).ToList();
        foreach (var node in again)
        {
            node.Process.Start();
        }

        cluster.Phase($"the network has healed; {string.Join(", ", again.Select(node => node.Process.Name))} started again");
        var caller = cluster.CallerIn(winners[0]);
        await cluster.UntilAsync("all nodes take servers again", () => caller.IsReadyAsync(cluster.Nodes.Count), s_patience, () => caller.Members);
        cluster.Phase("all nodes take servers again");
    }

    private static async Task AssertNothingIsLostOrDoubledAsync(RegionCluster cluster, RegionLoad load, string[] winners, string[] losers, long cut)
    {
        cluster.Phase("compare");
        var wrong = new List<string>(await StoredCounts.CompareAsync(cluster, load, cluster.CallerIn(winners[0]), s_patience));
        var bothSides = 0;
        foreach (var key in load.Keys)
        {
            // From the cut on, until the losers had ended, one side at a time: no change on the losing side is counted after one on the surviving side.
            var after = load.Of(key).Where(one => one.SentAt > cut).ToList();
            var lost = after.Where(one => losers.Contains(one.Region)).Select(one => one.Count).DefaultIfEmpty().Max();
            var won = after.Where(one => winners.Contains(one.Region)).Select(one => one.Count).DefaultIfEmpty(long.MaxValue).Min();
            bothSides += lost > 0 ? 1 : 0;
            if (lost > won)
            {
                wrong.Add($"{key}: change {lost} was acknowledged on the losing side after change {won} on the surviving side");
            }
        }

        cluster.Phase(string.Create(CultureInfo.InvariantCulture, $"{bothSides} keys were served by the losing side for a while after the cut"));
        Assert.True(wrong.Count == 0, cluster.Failure(string.Join('\n', wrong.Take(20))).Message);
    }
}
