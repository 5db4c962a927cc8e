using Akka.Util;
using AkkaDurable.Placement.Internal.Directing;

namespace AkkaDurable.Placement.Tests.Directing;

/// <summary>A node of the shard's region is in the cluster, and its shard region is not known yet.</summary>
public sealed class ArrivalTests
{
    private static readonly DateTimeOffset s_now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_first_placement_waits_for_it_and_says_so()
    {
        var decision = Decide("us~1", arriving: "us");
        Assert.Equal((PlacementOutcome.Hold, PlacementReason.NodeArriving, TimeSpan.FromSeconds(3)), (decision.Outcome, decision.Reason, decision.RemainingHold));
        Assert.Equal("waits up to 3.0 s for new, which has joined region us and takes no shards yet", decision.Text);
    }

    [Fact]
    public void A_shard_without_a_home_waits_for_a_node_of_its_first_callers_region() =>
        Assert.Equal(PlacementReason.NodeArriving, Decide("1", arriving: "us", requester: "us").Reason);

    [Fact]
    public void A_pinned_shard_is_not_refused() =>
        Assert.Equal(PlacementOutcome.Hold, Decide("us~1", arriving: "us", policy: PlacementPolicy.StickTo(Locality.Region, Timeout.InfiniteTimeSpan)).Outcome);

    [Theory]
    [InlineData("us~1", "ap", null, 0)] // another region's node
    [InlineData("us~1", "us", null, 3)] // it has not come in time
    [InlineData("eu~1", "us", null, 0)] // home has a node
    [InlineData("1", "us", null, 0)] // neither a home nor a known caller
    [InlineData("1", "us", "eu", 0)]
    public void Nobody_waits_in_vain(string shard, string arriving, string? requester, int elapsed) =>
        Assert.Equal("old", Decide(shard, arriving, requester, elapsed).Node);

    [Fact]
    public void A_level_that_is_not_open_opens_no_sooner_and_no_later()
    {
        var policy = PlacementPolicy.StickTo(Locality.Machine, TimeSpan.FromSeconds(60)).ThenTo(Locality.Region, TimeSpan.FromSeconds(60)).ThenAnywhere();
        var lost = new PlacementRecord("us~1", "us", 0, [new PlacementEntry("lost", new NodeLocation("us", Machine: "m"), s_now, s_now, PlacementReason.FirstPlacement)]);
        var decision = Decide("us~1", "us", policy: policy, record: lost);
        Assert.Equal((PlacementReason.LevelNotOpen, TimeSpan.FromSeconds(120)), (decision.Reason, decision.RemainingHold));
    }

    private static PlacementDecision Decide(string shard, string arriving, string? requester = null, int elapsed = 0, PlacementPolicy? policy = null, PlacementRecord? record = null)
    {
        var old = new NodeView("old", new NodeLocation("eu"), AppVersion.Zero) { Status = NodeStatus.Up };
        var view = new ClusterView("t", [old]) { Arriving = [new ArrivingNode("new", new NodeLocation(arriving), s_now.AddSeconds(3))] };
        var query = new ShardQuery(shard, s_now) { HomeRegion = ShardName.HomeRegionOf(shard), RequesterRegion = requester, Record = record };
        return PlacementDirector.Decide(view, query, policy ?? PlacementPolicy.Anywhere, s_now.AddSeconds(elapsed));
    }
}
