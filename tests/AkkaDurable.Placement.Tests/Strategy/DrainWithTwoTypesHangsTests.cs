using static AkkaDurable.Placement.Tests.Strategy.PlacerFixture;

namespace AkkaDurable.Placement.Tests.Strategy;

/// <summary>A drain with two server types stopped both coordinators for good, now and then: each waited for the other's lock, to tell it of the news that it made itself.</summary>
public sealed class DrainWithTwoTypesHangsTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Two_placers_that_tell_each_other_of_a_drain_at_the_same_moment_go_on()
    {
        using var barrier = new Barrier(2);
        var one = await DrainingAsync();
        var other = await DrainingAsync();

        // Each holds its lock and tells the other, as the board does.
        one.Board.OnLeft = () => Tell(other);
        other.Board.OnLeft = () => Tell(one);
        Task[] rebalances = [Task.Run(() => one.Tick()), Task.Run(() => other.Tick())];

        await Task.WhenAll(rebalances).WaitAsync(s_patience);
        Assert.Equal((1, 1), (one.Board.Left[A], other.Board.Left[A]));

        // Not where they hang: that would wait for the same locks.
        one.Dispose();
        other.Dispose();

        void Tell(PlacerFixture to)
        {
            Assert.True(barrier.SignalAndWait(s_patience));
            to.Placer.Changed();
        }
    }

    [Fact]
    public async Task News_that_came_while_the_placer_was_busy_are_looked_at_all_the_same()
    {
        using var cluster = await DrainingAsync();
        cluster.Board.Set(A, new NodeLocation("eu"), draining: true, report: new NodeReport());
        cluster.Board.Set(B, new NodeLocation("eu"), draining: true);
        var place = cluster.Ask("eu~2");
        Assert.False(place.IsCompleted);
        cluster.Board.OnLeft = () =>
        {
            cluster.Board.OnLeft = static () => { };
            cluster.Board.Set(B, new NodeLocation("eu"));
            Task.Run(cluster.Placer.Changed).Wait(s_patience);
        };

        cluster.Tick();
        cluster.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(cluster.Ref(B), await place.WaitAsync(s_patience));
    }

    [Fact]
    public async Task News_that_came_just_while_the_placer_set_its_timer_do_not_wait_for_that_time()
    {
        var options = new PlacementOptions { Policy = PlacementPolicy.StickTo(Locality.Region, TimeSpan.FromMinutes(5)).ThenAnywhere(), StabilisationTime = TimeSpan.Zero };
        using var cluster = new PlacerFixture(options);
        cluster.Node(A, "us");
        cluster.Node(B, "eu");
        cluster.Board.Set(B, new NodeLocation("eu"), draining: true);
        var time = new InterveningTime(cluster.Time);
        options.Time = time;
        cluster.FailOver();
        time.BeforeNextChange = () =>
        {
            cluster.Board.Set(B, new NodeLocation("eu"));
            Task.Run(cluster.Placer.Changed).Wait(s_patience);
        };

        var place = cluster.Ask("eu~1");
        Assert.False(place.IsCompleted);
        Assert.Null(time.BeforeNextChange);
        cluster.Time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(cluster.Ref(B), await place.WaitAsync(s_patience));
    }

    private static async Task<PlacerFixture> DrainingAsync()
    {
        var cluster = new PlacerFixture(new PlacementOptions());
        cluster.Node(A, "eu");
        await cluster.PlaceAsync("eu~1");
        cluster.Node(B, "eu");
        cluster.Board.Set(A, new NodeLocation("eu"), draining: true);
        return cluster;
    }
}
