using Akka.Util;
using AkkaDurable.Placement.Internal.Control;
using AkkaDurable.Placement.Internal.Directing;
using Microsoft.Extensions.Time.Testing;
using static AkkaDurable.Placement.Tests.Strategy.PlacerFixture;

namespace AkkaDurable.Placement.Tests.Strategy;

/// <summary>The placer and a node that is up before its shard region is known.</summary>
public sealed class ArrivalTests
{
    [Fact]
    public async Task Shards_that_wait_for_a_node_go_to_it_as_soon_as_anybody_asks_for_anything_after_it_came()
    {
        using var cluster = Cluster();
        cluster.Node(A, "eu");
        cluster.Arrives(B, "us");
        var place = cluster.Ask("us~1");
        Assert.False(place.IsCompleted);
        Assert.Equal(PlacementReason.NodeArriving, cluster.Placer.Explain("us~1").Reason);
        Assert.Empty(cluster.Board.Holds);

        cluster.Node(B, "us");
        Assert.Equal(A, await cluster.PlaceAsync("eu~1"));
        Assert.Equal(cluster.Ref(B), await place.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Shards_go_elsewhere_when_it_does_not_come_in_time()
    {
        using var cluster = Cluster();
        cluster.Node(A, "eu");
        cluster.Arrives(B, "us");
        var place = cluster.Ask("us~1");
        cluster.Time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(place.IsCompleted);
        cluster.Time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(cluster.Ref(A), await place.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal(A, await cluster.PlaceAsync("us~2"));
    }

    [Fact]
    public async Task Nobody_waits_for_a_node_without_the_role_of_the_type()
    {
        using var cluster = Cluster(new PlacementOptions { Role = "shop" });
        cluster.Node(A, "eu");
        cluster.Arrives(B, "us", "web");
        Assert.Equal(A, await cluster.PlaceAsync("us~1"));
        cluster.Arrives(C, "us", "web", "shop");
        Assert.False(cluster.Ask("us~2").IsCompleted);
    }

    [Fact]
    public async Task Nobody_waits_when_told_not_to()
    {
        using var cluster = Cluster(new PlacementOptions { ArrivalTime = TimeSpan.Zero });
        cluster.Node(A, "eu");
        cluster.Arrives(B, "us");
        Assert.Equal(A, await cluster.PlaceAsync("us~1"));
    }

    [Fact]
    public void A_node_is_up_since_it_was_seen_so_first_and_anew_after_a_restart()
    {
        var time = new FakeTimeProvider();
        var first = time.GetUtcNow();
        var board = new PlacementBoard("self", time, TimeSpan.FromSeconds(10), _ => { });
        board.Set(Member(1, NodeStatus.Joining));
        Assert.Null(board.Members["a"].UpSince);

        board.Set(Member(1, NodeStatus.Up));
        time.Advance(TimeSpan.FromSeconds(1));
        board.Set(Member(1, NodeStatus.Unreachable));
        board.Set(Member(1, NodeStatus.Up));
        Assert.Equal(first, board.Members["a"].UpSince);
        Assert.Equal(["web"], board.Members["a"].Roles);

        board.Set(Member(2, NodeStatus.Up));
        Assert.Equal(time.GetUtcNow(), board.Members["a"].UpSince);

        static KnownNode Member(int uid, NodeStatus status) => new("a", uid, new NodeLocation("eu"), AppVersion.Zero, status.ToString(), status, ["web"]);
    }

    private static PlacerFixture Cluster(PlacementOptions? options = null) => new(options ?? new PlacementOptions());
}
