using Akka.Actor;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Couriers;

namespace AkkaDurable.Cluster.Tests;

public sealed class BatchesBetweenNodesTests(TwoNodeCluster cluster) : IClassFixture<TwoNodeCluster>
{
    private static Peers PeersOf(TestNode node) => node.Servers.Peers;

    [Fact]
    public async Task Calls_in_flight_both_ways_and_their_replies_share_remote_messages()
    {
        var toSecond = cluster.FromFirst[await KnownKeyAwayFromAsync(cluster.First, "busy")];
        var toFirst = cluster.FromSecond[await KnownKeyAwayFromAsync(cluster.Second, "busy")];
        var before = Received();
        var calls = Enumerable.Range(0, 2_000).Select(i => (i % 2 == 0 ? toSecond : toFirst).CallAsync(new Increment()).AsTask()).ToList();
        var counts = await Task.WhenAll(calls);
        var after = Received();
        Assert.Equal(Enumerable.Range(1, 1_000), counts.Where((_, i) => i % 2 == 0));
        Assert.Equal(Enumerable.Range(1, 1_000), counts.Where((_, i) => i % 2 == 1));

        // A call and a reply each.
        Assert.Equal(4_000, after.Entries - before.Entries);
        Assert.InRange(after.Batches - before.Batches, 2, 1_000);
    }

    [Fact]
    public async Task A_lone_call_is_a_batch_of_its_own()
    {
        var server = cluster.FromFirst[await KnownKeyAwayFromAsync(cluster.First, "lone")];
        var before = Received();
        for (var i = 0; i < 10; i++)
        {
            await server.CallAsync(new Increment());
        }

        var after = Received();
        Assert.Equal((20, 20), (after.Batches - before.Batches, after.Entries - before.Entries));
    }

    [Fact]
    public async Task A_wrong_guess_is_delivered_right_and_learned_from()
    {
        // On the first node itself, but taken to be on the second.
        var key = await cluster.KeyAwayFromAsync(cluster.Second, "wrong");
        var homes = PeersOf(cluster.First).RouteOf("tally")!.Homes;
        var second = PeerOf(cluster.First, cluster.Second);
        var server = cluster.FromFirst[key];
        homes.Learn(key, second);
        Assert.Same(second, homes.Of(key));
        Assert.Equal(3, await server.CallAsync(new Increment(3)));
        Assert.Null(homes.Of(key));

        homes.Learn(key, second);
        server.Cast(new Add(4));
        Assert.True(await server.IsRunningAsync());
        homes.Learn(key, second);
        Assert.True(await server.IsRunningAsync());
        await Eventually.TrueAsync(async () => await server.CallAsync(new GetCount()) == 7, "the cast arrives");
    }

    [Fact]
    public async Task The_home_is_learned_from_the_first_reply()
    {
        var key = await cluster.KeyAwayFromAsync(cluster.First, "learned");
        Assert.Same(PeerOf(cluster.First, cluster.Second), PeersOf(cluster.First).RouteOf("tally")!.Homes.Of(key));
        Assert.Null(PeersOf(cluster.Second).RouteOf("tally")!.Homes.Of(key));
    }

    [Fact]
    public async Task A_node_whose_region_has_ended_sends_back_what_it_gets()
    {
        var key = await KnownKeyAwayFromAsync(cluster.First, "returned");
        var server = cluster.FromFirst[key];
        var second = PeerOf(cluster.First, cluster.Second);
        var homes = PeersOf(cluster.First).RouteOf("tally")!.Homes;
        var ended = PeersOf(cluster.Second).RouteOf("tally")!;
        ended.IsEnded = true;
        try
        {
            homes.Learn(key, second);
            server.Cast(new Add(1));
            await Eventually.TrueAsync(() => Task.FromResult(homes.Of(key) is null), "the wrong guess is forgotten");
            homes.Learn(key, second);
            Assert.Equal(3, await server.CallAsync(new Increment(2)));
            homes.Learn(key, second);
            Assert.True(await server.IsRunningAsync());
        }
        finally
        {
            ended.IsEnded = false;
        }
    }

    [Fact]
    public async Task Messages_that_fail_here_fail_alone_among_others()
    {
        var server = cluster.FromFirst[await KnownKeyAwayFromAsync(cluster.First, "mixed")];
        var calls = new List<Task>();
        for (var i = 0; i < 300; i++)
        {
            calls.Add((i % 30) switch
            {
                10 => Assert.ThrowsAsync<MessageNotSerializableException>(async () => await server.CallAsync(new WithUnwritable(new Unwritable()), Timeout.InfiniteTimeSpan)),
                20 => Assert.ThrowsAsync<MessageTooLargeException>(async () => await server.CallAsync(new Echo(new string('x', 200_000)), Timeout.InfiniteTimeSpan)),
                25 => Echoed(new string('y', 100_000)),
                _ => Echoed($"{i}"),
            });
        }

        await Task.WhenAll(calls);

        async Task Echoed(string text) => Assert.Equal(text, await server.CallAsync(new Echo(text)));
    }

    [Fact]
    public async Task The_largest_message_and_reply_that_may_travel_do()
    {
        var server = cluster.FromFirst[await KnownKeyAwayFromAsync(cluster.First, new string('k', 490))];
        var limit = cluster.First.Servers.Node.MaxMessageSize;
        var text = new string('x', limit - """{"Text":""}""".Length);
        Assert.Equal(text, await server.CallAsync(new Echo(text)));
        Assert.Equal(limit - 2, (await server.CallAsync(new MakeReply(limit - 2))).Length);
    }

    [Fact]
    public async Task Casts_of_one_caller_arrive_in_order_large_ones_and_bad_ones_among_them()
    {
        await cluster.First.Servers.RegisterAsync<Notebook>("notebook", new DurableServerOptions { ShardCount = 1_000 });
        await cluster.Second.Servers.RegisterAsync<Notebook>("notebook", new DurableServerOptions { ShardCount = 1_000 });
        var notebooks = cluster.First.Servers.For<Notebook>();
        var homes = PeersOf(cluster.First).RouteOf("notebook")!.Homes;
        var keys = new List<string>();
        await Eventually.TrueAsync(
            async () =>
            {
                // The second node takes part in the type only when the coordinator has heard of it; shards are spread from then on.
                var key = Guid.NewGuid().ToString("N");
                await notebooks[key].CallAsync(new ReadNotes());
                if (homes.Of(key) is not null)
                {
                    keys.Add(key);
                }

                return keys.Count == 3;
            },
            "servers run on the second node");
        var expected = string.Concat(Enumerable.Range(0, 200).Where(i => i % 50 != 49).Select(i => $"{i} "));
        await Task.WhenAll(keys.Select(key => Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
            {
                if (i % 50 == 49)
                {
                    notebooks[key].Cast(new NoteThing(i, new Unwritable()));
                }
                else
                {
                    notebooks[key].Cast(new Note(i, i % 20 == 7 ? new string('x', 70_000) : ""));
                }
            }

            Assert.Equal(expected, await notebooks[key].CallAsync(new ReadNotes()));
        })));
    }

    [Fact]
    public async Task Too_much_waiting_for_a_node_is_told_to_callers_at_once()
    {
        var key = await KnownKeyAwayFromAsync(cluster.First, "full");
        var homes = PeersOf(cluster.First).RouteOf("tally")!.Homes;
        var connection = new DeadEnd(PeersOf(cluster.First).Provider);
        var stuck = new Peer(PeersOf(cluster.First), connection, maxWaitingBytes: 2_000) { IsServing = true };
        homes.Learn(key, stuck);
        var server = cluster.FromFirst[key];
        var calls = Enumerable.Range(0, 100).Select(_ => server.CallAsync(new Increment(), TimeSpan.FromSeconds(1)).AsTask()).ToList();
        var errors = new List<DurableServerException>();
        foreach (var call in calls)
        {
            errors.Add(await Assert.ThrowsAnyAsync<DurableServerException>(() => call));
        }

        Assert.All(errors, error => Assert.True(error is OverloadedException { Outcome: CallOutcome.NotApplied } or OutcomeUnknownException, error.Message));
        Assert.InRange(errors.Count(error => error is OutcomeUnknownException), 5, 90);

        // The queue's memory is bounded whatever casts come, and it is usable again when it is picked up.
        for (var i = 0; i < 100; i++)
        {
            server.Cast(new Add(1));
        }

        await Eventually.TrueAsync(() => Task.FromResult(connection.Batches > 0), "the pick-up sets out");
        Assert.InRange(stuck.TakeBatch().Length, 1, 2_200);
        Assert.Equal(0, stuck.Drop());
        homes.Forget(key, stuck);
        Assert.Equal(0, await server.CallAsync(new GetCount()));
    }

    private static Peer PeerOf(TestNode node, TestNode other) => Assert.Single(PeersOf(node).All, peer => peer.Courier.Path.Address.Equals(other.Address));

    private (long Batches, long Entries) Received() => (
        PeersOf(cluster.First).Courier.BatchesReceived + PeersOf(cluster.Second).Courier.BatchesReceived,
        PeersOf(cluster.First).Courier.EntriesReceived + PeersOf(cluster.Second).Courier.EntriesReceived);

    // One whose home the asked node has learned.
    private async Task<string> KnownKeyAwayFromAsync(TestNode node, string prefix)
    {
        var key = await cluster.KeyAwayFromAsync(node, prefix);
        Assert.NotNull(PeersOf(node).RouteOf("tally")!.Homes.Of(key));
        return key;
    }

    private sealed class DeadEnd(IActorRefProvider provider) : MinimalActorRef
    {
        private int _batches;

        public int Batches => Volatile.Read(ref _batches);

        public override ActorPath Path { get; } = new RootActorPath(new Address("akka.tcp", "test", "127.0.0.1", 1)) / "dead-end";

        public override IActorRefProvider Provider => provider;

        protected override void TellInternal(object message, IActorRef sender) => Interlocked.Increment(ref _batches);
    }
}
