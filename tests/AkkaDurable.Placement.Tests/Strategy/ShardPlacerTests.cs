using Akka.Actor;
using AkkaDurable.Placement.Internal.Directing;
using static AkkaDurable.Placement.Tests.Strategy.PlacerFixture;

namespace AkkaDurable.Placement.Tests.Strategy;

public sealed class ShardPlacerTests
{
    private static readonly PlacementPolicy s_ladder = PlacementPolicy
        .StickTo(Locality.Machine, TimeSpan.FromSeconds(10)).ThenTo(Locality.Region, TimeSpan.FromSeconds(20)).ThenAnywhere();

    [Fact]
    public async Task A_shard_whose_machine_crashed_waits_out_each_hold_in_turn()
    {
        using var cluster = Cluster(s_ladder);
        cluster.Node(A, "eu", "m1");
        cluster.Node(C, "us", "m3");
        Assert.Equal(A, await cluster.PlaceAsync("eu~1"));
        cluster.Crash(A);
        cluster.Node(B, "eu", "m2");

        var place = cluster.Ask("eu~1");
        Assert.False(place.IsCompleted);
        cluster.Time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(place.IsCompleted);
        cluster.Time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(cluster.Ref(B), await place.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Without_any_node_in_its_region_it_goes_elsewhere_after_both_holds()
    {
        using var cluster = Cluster(s_ladder);
        cluster.Node(A, "eu", "m1");
        cluster.Node(C, "us", "m3");
        await cluster.PlaceAsync("eu~1");
        cluster.Crash(A);

        var place = cluster.Ask("eu~1");
        cluster.Time.Advance(TimeSpan.FromSeconds(29.9));
        Assert.False(place.IsCompleted);
        cluster.Time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(cluster.Ref(C), await place.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Contains(cluster.Notes, note => note is { Reason: PlacementReason.Fallback, Level: 2 });
    }

    [Fact]
    public async Task A_machine_that_comes_back_within_its_hold_gets_its_shard_at_the_next_question()
    {
        using var cluster = Cluster(s_ladder);
        cluster.Node(A, "eu", "m1");
        cluster.Node(B, "eu", "m2");
        Assert.Equal(A, await cluster.PlaceAsync("eu~1"));
        cluster.Crash(A);
        var place = cluster.Ask("eu~1");
        cluster.Time.Advance(TimeSpan.FromSeconds(5));
        cluster.Node(A, "eu", "m1");
        _ = cluster.Ask("eu~1");
        Assert.Equal(cluster.Ref(A), await place.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void All_who_ask_for_a_held_shard_wait_for_one_task()
    {
        using var cluster = Cluster(PlacementPolicy.StickTo(Locality.Region, TimeSpan.FromMinutes(1)).ThenAnywhere());
        cluster.Node(C, "us");
        Assert.Same(cluster.Ask("eu~1"), cluster.Ask("eu~1"));
    }

    [Fact]
    public async Task A_pinned_shard_is_refused_at_once_and_served_when_its_region_is_back()
    {
        using var cluster = Cluster(PlacementPolicy.StickTo(Locality.Region, Timeout.InfiniteTimeSpan));
        cluster.Node(C, "us");
        var place = cluster.Ask("eu~1");
        Assert.False(place.IsCompleted);
        var hold = Assert.Single(cluster.Board.Holds);
        Assert.Equal(("eu~1", PlacementReason.NoNode, (TimeSpan?)null), (hold.Shard, hold.Reason, hold.RemainingHold));

        cluster.Node(A, "eu");
        cluster.Placer.Changed();
        _ = cluster.Ask("eu~2");
        cluster.Time.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Equal(cluster.Ref(A), await place.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal(["eu~1"], cluster.Board.Withdrawn);
    }

    [Fact]
    public async Task A_pinned_shard_whose_next_level_opens_later_is_refused_with_the_remaining_hold()
    {
        using var cluster = Cluster(PlacementPolicy.StickTo(Locality.Machine, TimeSpan.FromSeconds(10)).ThenTo(Locality.Region, Timeout.InfiniteTimeSpan));
        cluster.Node(A, "eu", "m1");
        cluster.Node(B, "eu", "m2");
        await cluster.PlaceAsync("eu~1");
        _ = cluster.Tick();
        cluster.Crash(A);
        var place = cluster.Ask("eu~1");
        cluster.Time.Advance(TimeSpan.FromSeconds(4));
        _ = cluster.Ask("eu~1");
        Assert.Equal(TimeSpan.FromSeconds(6), cluster.Board.Holds[^1].RemainingHold);
        cluster.Time.Advance(TimeSpan.FromSeconds(6));
        Assert.True(place.IsCompleted);
    }

    [Fact]
    public async Task A_node_that_left_in_order_is_not_waited_for()
    {
        using var cluster = Cluster(s_ladder);
        cluster.Node(A, "eu", "m1");
        Assert.Equal(A, await cluster.PlaceAsync("eu~1"));
        cluster.Node(B, "eu", "m2");
        _ = cluster.Tick();
        cluster.Crash(A, inOrder: true);
        Assert.Equal(B, await cluster.PlaceAsync("eu~1"));
    }

    [Fact]
    public async Task The_history_outlives_the_coordinator()
    {
        using var cluster = Cluster(s_ladder);
        cluster.Node(A, "eu", "m1");
        cluster.Node(B, "eu", "m2");
        Assert.Equal(A, await cluster.PlaceAsync("eu~1"));
        await Recorded(cluster, "eu~1");
        cluster.FailOver();
        cluster.Crash(A);
        var place = cluster.Ask("eu~1");
        Assert.False(place.IsCompleted);
        Assert.Equal(PlacementReason.LevelNotOpen, cluster.Placer.Explain("eu~1").Reason);
        cluster.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(cluster.Ref(B), await place.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task A_changed_policy_applies_to_records_written_under_the_old_one()
    {
        using var cluster = Cluster(PlacementPolicy.StickTo(Locality.Region, Timeout.InfiniteTimeSpan));
        cluster.Node(A, "eu");
        cluster.Node(C, "us");
        Assert.Equal(A, await cluster.PlaceAsync("eu~1"));
        await Recorded(cluster, "eu~1");
        cluster.Crash(A);
        var pinned = cluster.Ask("eu~1");
        cluster.Time.Advance(TimeSpan.FromHours(1));
        Assert.False(pinned.IsCompleted);

        await Recorded(cluster, "eu~1", lost: true);
        cluster.Options.Policy = PlacementPolicy.StickTo(Locality.Region, TimeSpan.FromSeconds(5)).ThenAnywhere();
        cluster.FailOver();
        Assert.Equal(C, await cluster.PlaceAsync("eu~1"));

        cluster.Options.Policy = PlacementPolicy.StickTo(Locality.Region, Timeout.InfiniteTimeSpan);
        await Recorded(cluster, "eu~1", entries: 2);
        cluster.FailOver();
        cluster.LetGo("eu~1");
        Assert.False(cluster.Ask("eu~1").IsCompleted);
    }

    [Fact]
    public async Task Nothing_is_placed_before_the_history_is_read()
    {
        var history = new FlakyHistory { Fails = true };
        using var cluster = new PlacerFixture(new PlacementOptions { Policy = s_ladder, History = history });
        cluster.Node(A, "eu", "m1");
        var place = cluster.Ask("eu~1");
        Assert.False(place.IsCompleted);
        Assert.Equal(PlacementReason.HistoryNotLoaded, cluster.Placer.Explain("eu~1").Reason);
        Assert.NotEmpty(cluster.Warnings);

        history.Fails = false;
        await Eventually.TrueAsync(
            () =>
            {
                cluster.Time.Advance(TimeSpan.FromSeconds(1));
                return place.IsCompleted;
            },
            "the history is tried again");
        Assert.Equal(cluster.Ref(A), await place);
    }

    [Fact]
    public async Task A_shard_without_a_home_takes_the_region_of_its_first_caller_and_stays()
    {
        using var cluster = Cluster(PlacementPolicy.StickTo(Locality.Region, TimeSpan.FromMinutes(1)).ThenAnywhere());
        cluster.Node(A, "eu");
        cluster.Node(B, "us");
        cluster.Node(C, "us");
        Assert.Equal(B, await cluster.PlaceAsync("1", requester: C));
        _ = cluster.Tick();
        cluster.Crash(B);
        Assert.Equal(C, await cluster.PlaceAsync("1", requester: A));
    }

    [Fact]
    public async Task Displaced_shards_go_home_when_home_was_healthy_for_a_while()
    {
        using var cluster = Cluster(PlacementPolicy.StickTo(Locality.Region, TimeSpan.FromSeconds(5)).ThenAnywhere(), stabilisation: TimeSpan.FromSeconds(30));
        cluster.Node(C, "us");
        var place = cluster.Ask("eu~1");
        cluster.Time.Advance(TimeSpan.FromSeconds(5));
        cluster.Run("eu~1", await place.WaitAsync(TimeSpan.FromSeconds(10)));
        cluster.Node(A, "eu");
        Assert.Empty(cluster.Tick());
        Assert.Empty(cluster.Tick());
        Assert.Empty(cluster.Tick());
        Assert.Equal(["eu~1"], cluster.Tick());
        Assert.Empty(cluster.Tick("eu~1"));

        cluster.LetGo("eu~1");
        Assert.Equal(A, await cluster.PlaceAsync("eu~1"));
        Assert.Empty(cluster.Tick());
    }

    [Fact]
    public async Task A_draining_node_empties_itself_a_few_shards_at_a_time_and_the_count_is_told()
    {
        using var cluster = Cluster(s_ladder, atOnce: 2);
        cluster.Node(A, "eu", "m1");
        foreach (var shard in Enumerable.Range(0, 5))
        {
            Assert.Equal(A, await cluster.PlaceAsync($"eu~{shard}"));
        }

        cluster.Node(B, "eu", "m2");
        cluster.Board.Set(A, new NodeLocation("eu", Machine: "m1"), draining: true);
        for (var left = 5; left > 0;)
        {
            var moves = cluster.Tick();
            Assert.InRange(moves.Count, 1, 2);
            Assert.Equal(left, cluster.Board.Left[A]);
            foreach (var shard in moves)
            {
                cluster.LetGo(shard);
                Assert.Equal(B, await cluster.PlaceAsync(shard));
                left--;
            }
        }

        Assert.Empty(cluster.Tick());
        Assert.Equal(0, cluster.Board.Left[A]);
    }

    [Fact]
    public async Task An_operator_moves_a_shard_out_of_its_region_and_it_stays_there()
    {
        using var cluster = Cluster(s_ladder, stabilisation: TimeSpan.Zero);
        cluster.Node(A, "eu", "m1");
        cluster.Node(C, "us", "m3");
        await cluster.PlaceAsync("eu~1");
        cluster.Board.Wanted.Add(new MoveRequest("eu~1", C));
        Assert.Equal(["eu~1"], cluster.Tick());
        cluster.LetGo("eu~1");
        Assert.Equal(C, await cluster.PlaceAsync("eu~1"));
        Assert.Empty(cluster.Tick());
        Assert.Equal(new MoveAnswer("eu~1", PlacementCommandOutcome.Done, $"it runs on {C}", C), Assert.Single(cluster.Board.Answers));
        Assert.Empty(cluster.Tick());
    }

    [Theory]
    [InlineData("eu~1", "akka.tcp://t@gone:1", PlacementCommandOutcome.NoSuchNode)]
    [InlineData("eu~2", C, PlacementCommandOutcome.NoSuchShard)]
    [InlineData("eu~1", A, PlacementCommandOutcome.AlreadySo)]
    [InlineData("eu~1", C, PlacementCommandOutcome.NotAllowed)]
    [InlineData("eu~1", null, PlacementCommandOutcome.NotAllowed)]
    public async Task A_move_that_cannot_be_is_answered_with_the_reason(string shard, string? target, PlacementCommandOutcome outcome)
    {
        using var cluster = Cluster(PlacementPolicy.StickTo(Locality.Region, Timeout.InfiniteTimeSpan));
        cluster.Node(A, "eu");
        cluster.Node(C, "us");
        await cluster.PlaceAsync("eu~1");
        cluster.Board.Wanted.Add(new MoveRequest(shard, target));
        Assert.Empty(cluster.Tick());
        Assert.Equal(outcome, Assert.Single(cluster.Board.Answers).Outcome);
    }

    [Fact]
    public async Task Shards_that_fall_back_together_are_spread_though_Akka_has_confirmed_none()
    {
        using var cluster = Cluster(PlacementPolicy.Anywhere);
        cluster.Node(A, "eu");
        cluster.Node(B, "eu");
        cluster.Node(C, "eu");
        var places = new List<IActorRef>();
        for (var shard = 0; shard < 9; shard++)
        {
            places.Add(await cluster.Ask($"eu~{shard}"));
        }

        Assert.All(places.GroupBy(place => place), group => Assert.Equal(3, group.Count()));
    }

    private static PlacerFixture Cluster(PlacementPolicy policy, TimeSpan? stabilisation = null, int atOnce = 10) =>
        new(new PlacementOptions { Policy = policy, StabilisationTime = stabilisation ?? TimeSpan.FromSeconds(60), MaxMovesAtOnce = atOnce });

    private static Task Recorded(PlacerFixture cluster, string shard, int entries = 1, bool lost = false) => Eventually.TrueAsync(
        () => cluster.Options.History!.LoadAsync("t", CancellationToken.None).Result.Any(record => record.Shard == shard && record.Entries.Length == entries && record.Newest!.LostAt is not null == lost), $"{shard} is recorded");
}
