using System.Collections.Concurrent;
using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Placement;
using AkkaDurable.Storage;
using Xunit.Abstractions;

namespace AkkaDurable.Cluster.Tests;

/// <summary>A shard that moves while its servers are called: what is under way waits for its new home, and nothing is lost on the way.</summary>
[Collection(Alone.Name)]
public sealed class ShardMoveTests(ITestOutputHelper output)
{
    // Whatever is lost on the way comes again only after this, so that a lost message shows on a busy machine too.
    private static readonly TimeSpan s_resendAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_limit = s_resendAfter / 2;

    private static DurableServerOptions Options => new() { ShardCount = 10, CallTimeout = TimeSpan.FromSeconds(30), ResendAfter = s_resendAfter };

    [Fact]
    public async Task Nothing_is_lost_on_its_way_to_a_shard_that_moves()
    {
        const int Moves = 12;
        const string Quick = "akka.cluster.sharding.rebalance-interval = 300ms";
        await using var store = new InMemoryStateStore();
        await using var first = await TestNode.StartAsync(store, hocon: Quick);
        await using var second = await TestNode.StartAsync(store, first, hocon: Quick);
        await using var third = await TestNode.StartAsync(store, first, hocon: Quick);
        var callers = new List<IDurableServers<Tally>>();
        foreach (var node in new[] { first, second, third })
        {
            callers.Add(await node.Servers.RegisterAsync<Tally>("tally", Options));
        }

        // Servers that begin only now have no shortcut: what is for them goes through the shard regions, which drop messages when a shard is about to move.
        var shard = callers[0]["k"].Shard;
        var keys = new ConcurrentQueue<string>(Enumerable.Range(0, 200_000).Select(i => $"k{i}").Where(key => callers[0][key].Shard == shard));
        await callers[0]["k"].CallAsync(new Increment());

        // Before the coordinator's node knows all nodes as up and well, none of them may take a shard.
        foreach (var node in new[] { first, second, third })
        {
            await Eventually.TrueAsync(
                () => Task.FromResult(PlacementControl.Get(node.System).Nodes.Count(other => other is { Status: "Up", IsReachable: true, Report: not null }) == 3),
                "all nodes are known to all");
            await node.UntilItTakesShardsAsync("tally");
        }

        using var stop = new CancellationTokenSource();
        var worst = new TimeSpan[callers.Count * 10];
        var told = new ConcurrentQueue<string>();
        var load = Enumerable.Range(0, worst.Length).Select(caller => Task.Run(async () =>
        {
            var servers = callers[caller % callers.Count];
            while (!stop.IsCancellationRequested && keys.TryDequeue(out var key))
            {
                var start = Stopwatch.GetTimestamp();
                servers[key].Cast(new Add(1));
                await servers[key].CallAsync(new Increment());
                var took = Stopwatch.GetElapsedTime(start);
                worst[caller] = took > worst[caller] ? took : worst[caller];
                told.Enqueue(key);
                await Task.Delay(20);
            }
        })).ToList();
        for (var move = 0; move < Moves; move++)
        {
            var moved = await callers[0]["k"].RehomeAsync();
            Assert.True(moved.Outcome == PlacementCommandOutcome.Done, $"move {move}: {moved.Outcome}: {moved.Text}");
        }

        await stop.CancelAsync();
        await Task.WhenAll(load);
        output.WriteLine($"{Moves} moves, {told.Count:N0} servers called, the worst call took {worst.Max().TotalMilliseconds:0} ms");
        Assert.True(worst.Max() < s_limit, $"Expected every call within {s_limit.TotalSeconds:0} s, found one of {worst.Max().TotalSeconds:0.0} s: it was sent again.");
        foreach (var key in told)
        {
            // The cast may have been overtaken by the call, but never be lost.
            await Eventually.TrueAsync(async () => await callers[0][key].CallAsync(new GetCount()) == 2, $"{key} counts the cast and the call");
        }
    }

    [Fact]
    public async Task What_a_shard_region_drops_at_a_hand_off_is_sent_again_and_nothing_else_is()
    {
        await using var store = new InMemoryStateStore();
        await using var node = await TestNode.StartAsync(store);
        var tallies = await node.Servers.RegisterAsync<Tally>("tally", Options);

        // Whoever listens to dropped messages does so by now.
        await Eventually.TrueAsync(async () => await node.System.ActorSelection("/system/durable-peers").Ask<ActorIdentity>(new Identify(1)) is { Subject: not null }, "the watch is up");

        // Two casts in the words of Akka's region and of its shard.
        Drop("full", "Buffer for [full] is full");
        Drop("moved", "Avoiding reordering of buffered messages at shard handoff");

        await Eventually.TrueAsync(async () => await tallies["moved"].CallAsync(new GetCount()) == 1, "the dropped cast comes again");
        Assert.Equal(0, await tallies["full"].CallAsync(new GetCount()));

        void Drop(string key, string reason) => node.System.DeadLetters.Tell(new Dropped(new CastEnvelope("tally", key, new Add(1)), reason, node.Servers.Node.ReplyTo, ActorRefs.NoSender), ActorRefs.NoSender);
    }
}
