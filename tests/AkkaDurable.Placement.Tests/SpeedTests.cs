using Akka.Util;
using AkkaDurable.Placement.Internal.Directing;
using AkkaDurable.Placement.Tests.Strategy;
using Xunit.Abstractions;

namespace AkkaDurable.Placement.Tests;

/// <summary>What a placement costs, in processor time, which other processes do not change much. It is the whole process's, so these run when no other test does; the best of several batches counts.</summary>
[Collection(nameof(Alone))]
public sealed class SpeedTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset s_now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly PlacementPolicy s_ladder = PlacementPolicy
        .StickTo(Locality.Machine, TimeSpan.FromSeconds(10)).ThenTo(Locality.Region, TimeSpan.FromSeconds(20)).ThenAnywhere();

    [Fact]
    public void A_hundred_thousand_shards_are_placed_in_less_than_50_microseconds_each()
    {
        var view = View(200);
        var each = Best(batches: 5, size: 20_000, count => Place(view, count));
        output.WriteLine($"{each:0.0} us a decision");
        Assert.True(each < 50, $"{each:0.0} us a decision");

        // Counting decisions in flight spreads them: no node of a region has more than one more than another.
        Assert.All(view.Nodes.GroupBy(node => node.Location.Region), region => Assert.InRange(region.Max(node => node.Shards) - region.Min(node => node.Shards), 0, 1));
    }

    [Fact]
    public void A_decision_grows_no_faster_than_nodes_times_log_nodes()
    {
        var few = View(100);
        var many = View(800);
        Place(few, 1_000);
        var small = Best(batches: 10, size: 10_000, count => Place(few, count));
        var large = Best(batches: 10, size: 10_000, count => Place(many, count));
        output.WriteLine($"100 nodes {small:0.00} us, 800 nodes {large:0.00} us");

        // 800 log 800 / 100 log 100 is 11.6; half as much again for the caches.
        Assert.True(large / small < 17, $"100 nodes {small:0.00} us, 800 nodes {large:0.00} us");
    }

    [Fact]
    public async Task A_shard_is_placed_through_the_whole_placer_in_less_than_50_microseconds()
    {
        using var cluster = new PlacerFixture(new PlacementOptions { Policy = s_ladder });
        for (var i = 0; i < 200; i++)
        {
            cluster.Node($"akka.tcp://t@n{i}:1", i % 2 == 0 ? "eu" : "us", $"m{i}");
        }

        var best = double.MaxValue;
        for (var batch = 0; batch < 10; batch++)
        {
            var before = Environment.CpuUsage.TotalTime;
            for (var i = 0; i < 2_000; i++)
            {
                await cluster.PlaceAsync($"eu~{batch * 2_000 + i}");
            }

            best = Math.Min(best, (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / 2_000);
        }

        output.WriteLine($"{best:0.0} us a shard, with Akka's part");
        Assert.True(best < 50, $"{best:0.0} us a shard");
    }

    private static double Best(int batches, int size, Action<int> run) => Enumerable.Range(0, batches).Min(_ =>
    {
        var before = Environment.CpuUsage.TotalTime;
        run(size);
        return (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / size;
    });

    private static ClusterView View(int nodes) => new("t",
    [
        .. Enumerable.Range(0, nodes).Select(i => new NodeView($"n{i}", new NodeLocation(i % 2 == 0 ? "eu" : "us", Machine: $"m{i}"), AppVersion.Create("1.0")) { Report = new NodeReport { CpuPercent = 20 } }),
    ]);

    private static void Place(ClusterView view, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var query = new ShardQuery($"eu~{i}", s_now) { HomeRegion = i % 2 == 0 ? "eu" : "us" };
            view.Find(PlacementDirector.Decide(view, query, s_ladder, s_now).Node)!.Shards++;
        }
    }
}

[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
