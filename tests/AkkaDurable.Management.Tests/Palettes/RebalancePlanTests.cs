using AkkaDurable.Management.Internal.Palettes;
using AkkaDurable.Placement;
using CsCheck;

namespace AkkaDurable.Management.Tests.Palettes;

public sealed class RebalancePlanTests
{
    private static readonly (string Node, string Region)[] s_nodes = [("e1", "eu"), ("e2", "eu"), ("u1", "us")];
    private static readonly string[] s_regions = ["eu", "us", "ap"];

    [Fact]
    public void Shards_that_are_away_go_home_to_the_emptier_node() =>
        Assert.Equal(
            [new RebalancePlan.Move("eu~1", "u1", "e2", "goes home to eu")],
            RebalancePlan.Of(s_nodes, [("eu~0", "e1", "eu"), ("eu~1", "u1", "us"), ("us~0", "u1", "us")], 10));

    [Fact]
    public void A_shard_whose_home_has_no_node_stays() =>
        Assert.Empty(RebalancePlan.Of(s_nodes, [("ap~0", "e1", "eu")], 10));

    [Fact]
    public void Afterwards_all_are_home_and_the_nodes_of_a_region_are_level() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 2].Select(i => s_regions[i])).Array[0, 40].Select(Gen.Int[0, 60]).Sample(
            (placed, most) =>
            {
                var shards = placed.Select((shard, i) => (Shard: $"{shard.Item2}~{i}", s_nodes[shard.Item1].Node, s_nodes[shard.Item1].Region)).ToArray();

                var moves = RebalancePlan.Of(s_nodes, shards, most);

                Assert.True(moves.Count <= most);
                var now = shards.ToDictionary(shard => shard.Shard, shard => shard.Node);
                foreach (var move in moves)
                {
                    Assert.Equal(move.From, now[move.Shard]);
                    Assert.NotEqual(move.From, move.To);
                    now[move.Shard] = move.To;
                }

                Assert.Equal(moves.Count, moves.Select(move => move.Shard).Distinct().Count());
                if (moves.Count < most)
                {
                    Assert.DoesNotContain(now, shard => ShardName.HomeRegionOf(shard.Key) is "eu" && shard.Value == "u1");
                    Assert.DoesNotContain(now, shard => ShardName.HomeRegionOf(shard.Key) is "us" && shard.Value != "u1");
                    Assert.InRange(now.Count(shard => shard.Value == "e1") - now.Count(shard => shard.Value == "e2"), -1, 1);
                }
            },
            iter: 5_000);
}
