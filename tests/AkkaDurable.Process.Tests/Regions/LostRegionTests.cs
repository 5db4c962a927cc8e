using ChangeStats;
using ChangeStats.Cluster;
using Xunit.Abstractions;

namespace AkkaDurable.Process.Tests.Regions;

/// <summary>All nodes of one of two regions are killed at once and started again a while later, while a caller in each region calls every key.</summary>
public sealed class LostRegionTests(ITestOutputHelper output)
{
    private const string Stays = "eu";
    private const string Goes = "us";
    private const int KeysOfEach = 20;
    private const int WarmUp = 5;

    private static readonly TimeSpan s_hold = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    // An acknowledgement that was on its way when the nodes were killed says nothing.
    private static readonly TimeSpan s_underWay = TimeSpan.FromMilliseconds(500);

    // Promised: after the hold, with the profile Balanced.
    private static readonly TimeSpan s_afterHold = TimeSpan.FromSeconds(10);

    // Three times what is promised: the machine that runs the tests does other work, too.
    private static readonly TimeSpan s_atOnce = TimeSpan.FromMilliseconds(3 * 100);

    private static readonly string[] s_keys = [.. KeysOf(Stays), .. KeysOf(Goes)];

    [Fact]
    public async Task Keys_with_a_fallback_answer_elsewhere_after_their_hold_and_go_home_when_their_region_is_back()
    {
        await using var cluster = await StartAsync(s_hold);
        var (load, stop) = await BeginAsync(cluster);

        var killed = await KillAsync(cluster);
        await UntilServedAsync(cluster, load, KeysOf(Goes), since: killed);
        var last = Last(load, KeysOf(Goes), killed);
        cluster.Phase($"every key of {Goes} is served in {Stays}, the last one {last.TotalSeconds:0.0} s after the kill, with a hold of {s_hold.TotalSeconds:0} s");
        Assert.Empty(await NotInAsync(cluster, Stays, KeysOf(Goes)));
        Assert.True(last <= s_hold + s_afterHold, $"Expected every key to be served {(s_hold + s_afterHold).TotalSeconds:0} s after the kill, found {last.TotalSeconds:0.0} s.");
        Assert.True(last >= s_hold, $"Expected no key to be given away before its hold of {s_hold.TotalSeconds:0} s, found {last.TotalSeconds:0.0} s.");

        var back = await RestartAsync(cluster);
        await cluster.UntilAsync($"the keys of {Goes} are home again", async () => (await NotInAsync(cluster, Goes, KeysOf(Goes))).Count == 0, s_patience, () => $"failed calls: {load.Failures}");
        var home = TimeProvider.System.GetElapsedTime(back);
        cluster.Phase($"every key of {Goes} is home again, {home.TotalSeconds:0.0} s after its region was back, of which {s_settle.TotalSeconds:0} s are the stabilisation time");
        await EndAsync(cluster, load, stop, $"served elsewhere {last.TotalSeconds:0.0} s after the kill, home {home.TotalSeconds:0.0} s after the region was back");
    }

    [Fact]
    public async Task Pinned_keys_fail_at_once_while_their_region_is_away_and_come_back_with_it()
    {
        await using var cluster = await StartAsync(Timeout.InfiniteTimeSpan);
        var (load, stop) = await BeginAsync(cluster);

        var killed = await KillAsync(cluster);
        await cluster.UntilAsync(
            "both callers are told of every pinned key",
            async () =>
            {
                foreach (var caller in cluster.Callers)
                {
                    if ((await Task.WhenAll(KeysOf(Goes).Select(key => TryAsync(cluster, caller, key)))).Any(call => call.Failure is not PlacementUnavailableException))
                    {
                        return false;
                    }
                }

                return true;
            },
            s_patience,
            () => $"failed calls: {load.Failures}");
        var told = TimeProvider.System.GetElapsedTime(killed);
        cluster.Phase($"both callers have been told of every pinned key, {told.TotalSeconds:0.0} s after the kill");

        var since = TimeProvider.System.GetTimestamp();
        var slowest = TimeSpan.Zero;
        foreach (var (caller, key) in Enumerable.Repeat(cluster.Callers, 10).SelectMany(callers => callers).SelectMany(caller => KeysOf(Goes).Select(key => (caller, key))))
        {
            var (took, failure) = await TryAsync(cluster, caller, key);
            var unavailable = Assert.IsType<PlacementUnavailableException>(failure);
            Assert.Equal(CallOutcome.NotApplied, unavailable.Outcome);
            slowest = took > slowest ? took : slowest;
        }

        cluster.Phase($"the slowest of {20 * KeysOfEach} refusals took {slowest.TotalMilliseconds:0.0} ms");
        Assert.True(slowest <= s_atOnce, $"Expected a pinned key to fail within {s_atOnce.TotalMilliseconds:0} ms, found {slowest.TotalMilliseconds:0} ms.");
        await UntilServedAsync(cluster, load, KeysOf(Stays), since);

        var back = await RestartAsync(cluster);
        await UntilServedAsync(cluster, load, KeysOf(Goes), since: back);
        var again = Last(load, KeysOf(Goes), back);
        cluster.Phase($"every pinned key answers, the last one {again.TotalSeconds:0.0} s after its region was back");
        Assert.Empty(await NotInAsync(cluster, Goes, KeysOf(Goes)));
        await EndAsync(cluster, load, stop, $"told {told.TotalSeconds:0.0} s after the kill, then within {slowest.TotalMilliseconds:0.0} ms; answers {again.TotalSeconds:0.0} s after the region was back");
    }

    private static IEnumerable<string> KeysOf(string region) => Enumerable.Range(1, KeysOfEach).Select(number => $"{region}/{Load.NameOf(number)}");

    private Task<RegionCluster> StartAsync(TimeSpan hold) => RegionCluster.StartAsync(
        output, postgres: false, SplitBrainStrategy.LeaseMajority, [Stays, Goes], nodesPerRegion: 3, region => new NodePlacement(region, hold, s_settle));

    private static async Task<(RegionLoad Load, CancellationTokenSource Stop)> BeginAsync(RegionCluster cluster)
    {
        var load = new RegionLoad(s_keys);
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cluster.Deadline);
        foreach (var caller in cluster.Callers)
        {
            load.Start(caller, stop.Token);
        }

        await cluster.UntilAsync(
            "every caller changes every key",
            () => s_keys.All(key => cluster.Callers.All(caller => load.Of(key).Count(one => one.Region == caller.Region) >= WarmUp)),
            s_patience,
            () => $"{load.Total:N0} changes; failed calls: {load.Failures}");
        Assert.Empty(await NotInAsync(cluster, Stays, KeysOf(Stays)));
        Assert.Empty(await NotInAsync(cluster, Goes, KeysOf(Goes)));
        cluster.Phase("every key is served in its home region");
        return (load, stop);
    }

    private static async Task<long> KillAsync(RegionCluster cluster)
    {
        cluster.Phase($"kill -9 {string.Join(", ", cluster.NodesIn(Goes).Select(node => node.Process.Name))}");
        var killed = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(cluster.NodesIn(Goes).Select(node => node.Process.KillAsync(cluster.Deadline)));
        return killed;
    }

    private static async Task<long> RestartAsync(RegionCluster cluster)
    {
        foreach (var node in cluster.NodesIn(Goes))
        {
            node.Process.Start();
        }

        cluster.Phase($"region {Goes} started again");
        var caller = cluster.CallerIn(Stays);
        await cluster.UntilAsync("all nodes take servers again", () => caller.IsReadyAsync(cluster.Nodes.Count), s_patience, () => caller.Members);
        cluster.Phase("all nodes take servers again");
        return TimeProvider.System.GetTimestamp();
    }

    private static Task UntilServedAsync(RegionCluster cluster, RegionLoad load, IEnumerable<string> keys, long since) => cluster.UntilAsync(
        "the keys are served to every caller",
        () => keys.All(key => cluster.Callers.All(caller => load.Of(key).Any(one => one.Region == caller.Region && TimeProvider.System.GetElapsedTime(since, one.At) > s_underWay))),
        s_patience,
        () => $"failed calls: {load.Failures}");

    private static TimeSpan Last(RegionLoad load, IEnumerable<string> keys, long since) =>
        keys.Max(key => load.Of(key).Where(one => TimeProvider.System.GetElapsedTime(since, one.At) > s_underWay).Min(one => TimeProvider.System.GetElapsedTime(since, one.At)));

    private static async Task<IReadOnlyList<string>> NotInAsync(RegionCluster cluster, string region, IEnumerable<string> keys)
    {
        var ports = cluster.NodesIn(region).Select(node => $":{node.PublicPort}").ToList();
        var elsewhere = new List<string>();
        foreach (var key in keys)
        {
            try
            {
                var node = (await cluster.CallerIn(Stays).Servers[key].InfoAsync(cancellationToken: cluster.Deadline))?.Node ?? "nowhere";
                if (!ports.Exists(port => node.EndsWith(port, StringComparison.Ordinal)))
                {
                    elsewhere.Add($"{key}: {node}");
                }
            }
            catch (DurableServerException failure)
            {
                elsewhere.Add($"{key}: {failure.Message}");
            }
        }

        return elsewhere;
    }

    private static async Task<(TimeSpan Took, Exception? Failure)> TryAsync(RegionCluster cluster, RegionCaller caller, string key)
    {
        var start = TimeProvider.System.GetTimestamp();
        var failure = await Record.ExceptionAsync(() => caller.Servers[key].CallAsync(new GetStats(), TimeSpan.FromSeconds(2), cluster.Deadline).AsTask());
        return (TimeProvider.System.GetElapsedTime(start), failure);
    }

    private static async Task EndAsync(RegionCluster cluster, RegionLoad load, CancellationTokenSource stop, string figures)
    {
        await stop.CancelAsync();
        await load.UntilStoppedAsync();
        stop.Dispose();
        var wrong = await StoredCounts.CompareAsync(cluster, load, cluster.CallerIn(Stays), s_patience);
        Assert.True(wrong.Count == 0, cluster.Failure(string.Join('\n', wrong.Take(20))).Message);
        cluster.Pass($"{load.Total:N0} changes of {s_keys.Length} keys acknowledged, none lost, none doubled; {figures}; failed calls: {load.Failures}");
    }
}
