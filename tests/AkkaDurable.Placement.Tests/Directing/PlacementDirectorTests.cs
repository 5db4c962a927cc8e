using System.Collections.Immutable;
using Akka.Util;
using AkkaDurable.Placement.Internal.Directing;

namespace AkkaDurable.Placement.Tests.Directing;

public sealed class PlacementDirectorTests
{
    private static readonly DateTimeOffset s_now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly PlacementPolicy s_ladder = PlacementPolicy
        .StickTo(Locality.Machine, TimeSpan.FromSeconds(10)).ThenTo(Locality.Region, TimeSpan.FromSeconds(20)).ThenAnywhere();

    [Fact]
    public void Of_equal_nodes_the_least_loaded_gets_it() =>
        Assert.Equal("b", Decide(PlacementPolicy.Anywhere, Node("a", shards: 5), Node("b", shards: 3), Node("c", shards: 4)).Node);

    [Fact]
    public void The_newest_version_comes_before_the_least_load() =>
        Assert.Equal("a", Decide(PlacementPolicy.Anywhere, Node("a", shards: 50, version: "1.10.0"), Node("b", version: "1.9.0")).Node);

    [Fact]
    public void A_busy_node_counts_for_more_than_its_shards() =>
        Assert.Equal("b", Decide(PlacementPolicy.Anywhere, Node("a", shards: 8, cpu: 90), Node("b", shards: 12, cpu: 10)).Node);

    [Fact]
    public void A_node_at_a_limit_gets_nothing_and_the_reason_names_it()
    {
        var limits = new CapacityLimits { MaxCpuPercent = 80 };
        var decision = Decide(PlacementPolicy.Anywhere, Node("a", cpu: 80, limits: limits));
        Assert.Equal((PlacementOutcome.Hold, PlacementReason.AtLimits), (decision.Outcome, decision.Reason));
        Assert.Contains("a is at MaxCpuPercent", decision.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(9, 0, true)]
    [InlineData(9, 1, false)]
    [InlineData(10, 0, false)]
    public void Decisions_that_the_report_does_not_know_yet_count_for_the_limit(int servers, int unreported, bool placed)
    {
        var node = Node("a", servers: servers, limits: new CapacityLimits { MaxServers = 10 });
        node.Unreported = unreported;
        Assert.Equal(placed, Decide(PlacementPolicy.Anywhere, node).Outcome == PlacementOutcome.Place);
    }

    [Fact]
    public void A_limit_of_another_type_is_none()
    {
        var limits = new CapacityLimits { MaxServersByType = new Dictionary<string, int> { ["other"] = 0 } };
        Assert.Equal("a", Decide(PlacementPolicy.Anywhere, Node("a", limits: limits)).Node);
        limits = new CapacityLimits { MaxServersByType = new Dictionary<string, int> { ["t"] = 0 } };
        Assert.Equal(PlacementReason.AtLimits, Decide(PlacementPolicy.Anywhere, Node("a", limits: limits)).Reason);
    }

    [Fact]
    public void A_full_disk_does_not_keep_a_shard_from_its_own_machine_and_a_full_memory_does()
    {
        var disk = new CapacityLimits { MaxDiskPercent = 50 };
        Assert.Equal("a", Decide(s_ladder, Lost("m1", 0), Node("a", machine: "m1", disk: 60, limits: disk)).Node);
        Assert.Equal(PlacementReason.AtLimits, Decide(s_ladder, Lost("m1", 60), Node("b", machine: "m2", disk: 60, limits: disk)).Reason);
        Assert.Equal(
            PlacementReason.AtLimits, Decide(s_ladder, Lost("m1", 0), Node("a", machine: "m1", memory: 60, limits: new CapacityLimits { MaxMemoryPercent = 50 })).Reason);
    }

    [Theory]
    [InlineData(0, null, 10)]
    [InlineData(9.5, null, 10)]
    [InlineData(10, "b", 0)]
    [InlineData(29.9, "b", 0)]
    [InlineData(30, "b", 0)]
    public void The_region_opens_after_the_machines_hold(double elapsed, string? node, int opensAfter)
    {
        var decision = Decide(s_ladder, Lost("m1", elapsed), Node("b", machine: "m2"), Node("z", region: "us"));
        Assert.Equal(node, decision.Node);
        Assert.Equal(node is null ? TimeSpan.FromSeconds(opensAfter - elapsed) : null, decision.RemainingHold);
    }

    [Fact]
    public void The_former_machine_is_taken_also_when_every_level_is_open() =>
        Assert.Equal("a", Decide(s_ladder, Lost("m1", 1000), Node("a", machine: "m1", shards: 99), Node("b", machine: "m2", version: "9.0"), Node("z", region: "us")).Node);

    [Theory]
    [InlineData("Leaving")]
    [InlineData("Joining")]
    [InlineData("Unreachable")]
    public void Nodes_that_come_or_go_get_nothing(string status)
    {
        var node = Node("a");
        node.Status = Enum.Parse<NodeStatus>(status);
        Assert.Equal(PlacementReason.NoNode, Decide(PlacementPolicy.Anywhere, node).Reason);
    }

    [Fact]
    public void A_home_region_is_preferred_on_a_level_that_does_not_ask_for_it()
    {
        var query = new ShardQuery("us~1", s_now) { HomeRegion = "us" };
        Assert.Equal("z", PlacementDirector.Decide(View(Node("a"), Node("z", region: "us", shards: 100)), query, PlacementPolicy.Anywhere, s_now).Node);
    }

    [Fact]
    public void Every_decision_says_why()
    {
        Assert.Contains("waits 10.0 s until the level 'region' opens", Decide(s_ladder, Lost("m1", 0), Node("b", machine: "m2")).Text, StringComparison.Ordinal);
        Assert.Contains("it was on old (eu/-/m1)", Decide(s_ladder, Lost("m1", 0)).Text, StringComparison.Ordinal);
        Assert.Contains("level 'region'; it was on old", Decide(s_ladder, Lost("m1", 15), Node("b", machine: "m2")).Text, StringComparison.Ordinal);
    }

    private static PlacementDecision Decide(PlacementPolicy policy, params NodeView[] nodes) => Decide(policy, null, nodes);

    private static PlacementDecision Decide(PlacementPolicy policy, PlacementRecord? record, params NodeView[] nodes) =>
        PlacementDirector.Decide(View(nodes), new ShardQuery("1", s_now) { Record = record }, policy, s_now);

    private static ClusterView View(params NodeView[] nodes) => new("t", nodes);

    private static PlacementRecord Lost(string machine, double secondsAgo) => new(
        "1", "eu", 1, [new PlacementEntry("old", new NodeLocation("eu", Machine: machine), s_now.AddDays(-1), s_now.AddSeconds(-secondsAgo), PlacementReason.FirstPlacement)]);

    private static NodeView Node(
        string address, string region = "eu", string? machine = null, int shards = 0, string version = "1.0", double? cpu = null, double? memory = null, double? disk = null, int servers = 0, CapacityLimits? limits = null) =>
        new(address, new NodeLocation(region, Machine: machine), AppVersion.Create(version))
        {
            Shards = shards,
            Report = new NodeReport { Servers = servers, CpuPercent = cpu, MemoryPercent = memory, DiskPercent = disk, Limits = limits ?? CapacityLimits.None },
        };
}
