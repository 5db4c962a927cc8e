using System.Diagnostics;
using System.Diagnostics.Metrics;
using Akka.Actor;
using Xunit.Abstractions;

namespace AkkaDurable.Cluster.Tests.Groups;

public sealed class GroupTests(ThreeNodeCluster cluster, ITestOutputHelper output) : IClassFixture<ThreeNodeCluster>
{
    private static Dictionary<string, string> Meta(string value) => new() { ["v"] = value };

    [Fact]
    public async Task Members_of_all_nodes_are_seen_on_all_nodes_and_get_what_is_dispatched_once()
    {
        var listeners = cluster.Nodes.Select(node => Listener.On(node)).ToList();
        for (var i = 0; i < 3; i++)
        {
            await cluster.Nodes[i].Servers.Groups.JoinAsync("room/all", listeners[i].Actor, Meta($"{i}"));
            Assert.Equal(1, await cluster.Nodes[i].Servers.Groups.LocalCountAsync("room/all"));
        }

        foreach (var node in cluster.Nodes)
        {
            await cluster.CountIsAsync(node, "room/all", 3);
            var members = await node.Servers.Groups.MembersAsync("room/all");
            Assert.Equal(["0", "1", "2"], members.Select(member => member.Meta["v"]).Order());
            Assert.Equal(cluster.Nodes.Select(other => other.Address.ToString()).Order(), members.Select(member => member.Node).Order());
        }

        for (var i = 0; i < 100; i++)
        {
            cluster.Nodes[0].Servers.Groups.Dispatch("room/all", new Said($"{i}"));
        }

        foreach (var (_, heard) in listeners)
        {
            await Eventually.TrueAsync(() => Task.FromResult(heard.Count == 100), "all messages have arrived");
            Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), heard.Cast<Said>().Select(said => said.Text));
        }

        cluster.Nodes[1].Servers.Groups.DispatchLocal("room/all", new Said("here"));
        await Eventually.TrueAsync(() => Task.FromResult(listeners[1].Heard.Count == 101), "the local message has arrived");
        Assert.Equal(100, listeners[0].Heard.Count);

        // A member can be told something alone.
        var third = (await cluster.First.Servers.Groups.MembersAsync("room/all")).Single(member => member.Node == cluster.Third.Address.ToString());
        third.Actor!.Tell("only you", ActorRefs.NoSender);
        await Eventually.TrueAsync(() => Task.FromResult(listeners[2].Heard.Count == 101), "the third has heard it");
    }

    [Fact]
    public async Task A_member_that_ends_or_leaves_is_a_member_no_more()
    {
        var (ends, _) = Listener.On(cluster.First);
        var (leaves, _) = Listener.On(cluster.Second);
        await cluster.First.Servers.Groups.JoinAsync("ends/a", ends);
        await cluster.First.Servers.Groups.JoinAsync("ends/b", ends);
        await using (await cluster.Second.Servers.Groups.JoinAsync("ends/a", leaves))
        {
            await cluster.CountIsAsync(cluster.Third, "ends/a", 2);
            await cluster.CountIsAsync(cluster.Third, "ends/", 3);
            await using var picture = new Picture(cluster.Third, LifecycleFilter.Group("ends/"));
            await picture.BegunAsync();
            Assert.Equal(3, picture.Now.Count);
            cluster.First.System.Stop(ends);
            await cluster.CountIsAsync(cluster.Third, "ends/", 1);
            await picture.UntilAsync(now => now.Events.Count() == 5, "both departures were told");
            Assert.All(picture.Events.Skip(3), told => Assert.Equal((LifecycleEventKind.Left, LifecycleReason.ActorEnded), (told.Kind, told.Reason!.Value)));
        }

        await cluster.CountIsAsync(cluster.Third, "ends/", 0);
        Assert.False(await cluster.Second.Servers.Groups.LeaveAsync("ends/a", leaves));
    }

    [Fact]
    public async Task Joining_again_changes_the_metadata_and_tells_the_former()
    {
        var (actor, _) = Listener.On(cluster.Second);
        await using var picture = new Picture(cluster.First, LifecycleFilter.Group("again"));
        await picture.BegunAsync();
        var membership = await cluster.Second.Servers.Groups.JoinAsync("again", actor, Meta("1"));
        await membership.UpdateAsync(Meta("2"));
        await membership.UpdateAsync(Meta("2"));
        await membership.UpdateAsync(Meta("3"));
        await membership.LeaveAsync();
        await picture.UntilAsync(now => now.Events.Any(told => told.Kind == LifecycleEventKind.Left), "it has left");
        Assert.Equal(
            ["Joined 1 <", "Updated 2 <1", "Updated 3 <2", "Left 3 <"],
            picture.Events.Select(told => $"{told.Kind} {told.Meta["v"]} <{told.PreviousMeta?["v"]}"));
    }

    [Fact]
    public async Task A_consumer_reads_what_is_dispatched_and_is_told_what_it_was_too_slow_for()
    {
        await using var fast = await cluster.First.Servers.Groups.SubscribeAsync("feed", Meta("fast"));
        var slow = await cluster.Second.Servers.Groups.SubscribeAsync("feed", Meta("slow"), capacity: 10);
        await cluster.CountIsAsync(cluster.Third, "feed", 2);
        for (var i = 0; i < 100; i++)
        {
            cluster.Third.Servers.Groups.Dispatch("feed", new Said($"{i}"));
        }

        List<string> heard = [];
        await foreach (var message in fast.Messages)
        {
            heard.Add(((Said)message).Text);
            if (heard.Count == 100)
            {
                break;
            }
        }

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), heard);

        // Read once all have come: what fits, and the note of the rest.
        cluster.Third.Servers.Groups.Dispatch("feed", new Said("last"));
        await foreach (var message in fast.Messages)
        {
            Assert.Equal("last", ((Said)message).Text);
            break;
        }

        await using var enumerator = slow.Messages.GetAsyncEnumerator();
        var (texts, missed) = (0, 0L);
        while (texts + missed < 101)
        {
            Assert.True(await enumerator.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20)));
            texts += enumerator.Current is Said ? 1 : 0;
            missed += enumerator.Current is MessagesMissed note ? note.Count : 0;
        }

        Assert.True(missed > 0, "nothing was missed");
        await slow.DisposeAsync();
        Assert.False(await enumerator.MoveNextAsync());
        await cluster.CountIsAsync(cluster.Third, "feed", 1);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => slow.UpdateAsync(Meta("late")));
    }

    [Fact]
    public async Task A_named_cluster_is_known_to_its_nodes_only()
    {
        var (first, firstHeard) = Listener.On(cluster.First);
        var (second, secondHeard) = Listener.On(cluster.Second);
        await cluster.First.Servers.Groups.JoinAsync("team", first, Meta("1"), cluster: "blue");
        await cluster.Second.Servers.Groups.JoinAsync("team", second, Meta("2"), cluster: "blue");
        await cluster.CountIsAsync(cluster.First, "team", 2, "blue");
        await cluster.CountIsAsync(cluster.Second, "team", 2, "blue");
        Assert.Equal(0, await cluster.First.Servers.Groups.CountAsync("team"));
        Assert.Equal(0, await cluster.First.Servers.Groups.CountAsync("team", "red"));

        // The first use connects, and waits for what the others know: one answer, not an eventual one.
        Assert.Equal(2, await cluster.Third.Servers.Groups.CountAsync("team", "blue"));
        cluster.Third.Servers.Groups.Dispatch("team", new Said("hello"), "blue");
        await Eventually.TrueAsync(() => Task.FromResult(firstHeard.Count == 1 && secondHeard.Count == 1), "both have heard it");

        await using var picture = new Picture(cluster.First, LifecycleFilter.AllGroups("blue"));
        await picture.BegunAsync();
        Assert.True(await cluster.Second.Servers.Groups.DisconnectAsync("blue"));
        await picture.UntilAsync(now => now.Now.Count == 1, "the second node's member has left");
        Assert.Equal(LifecycleReason.Disconnected, picture.Events.Last().Reason);
        Assert.False(await cluster.Second.Servers.Groups.DisconnectAsync("blue"));
        await cluster.CountIsAsync(cluster.Third, "team", 1, "blue");
        await cluster.Second.Servers.Groups.ConnectAsync("blue");
        Assert.Equal(1, await cluster.Second.Servers.Groups.CountAsync("team", "blue"));
    }

    [Fact]
    public async Task Ten_thousand_members_in_one_group()
    {
        const int Count = 10_000;
        await using var picture = new Picture(cluster.Third, LifecycleFilter.Group("crowd"), capacity: 100_000);
        await picture.BegunAsync();
        var watch = Stopwatch.StartNew();
        var subscriptions = await Task.WhenAll(Enumerable.Range(0, Count).Select(i => cluster.Nodes[i % 2].Servers.Groups.SubscribeAsync("crowd", Meta($"{i}"), capacity: 4)));
        var joined = watch.Elapsed;
        await cluster.CountIsAsync(cluster.Third, "crowd", Count);
        await picture.UntilAsync(now => now.Now.Count == Count, "all joins were told");
        var seen = watch.Elapsed;
        watch.Restart();
        cluster.Third.Servers.Groups.Dispatch("crowd", new Said("all"));
        await Task.WhenAll(subscriptions.Select(async subscription =>
        {
            await using var messages = subscription.Messages.GetAsyncEnumerator();
            Assert.True(await messages.MoveNextAsync());
        })).WaitAsync(TimeSpan.FromSeconds(60));
        var dispatched = watch.Elapsed;
        watch.Restart();
        Assert.Equal(Count, (await cluster.First.Servers.Groups.MembersAsync("crowd")).Select(member => member.Id).Distinct().Count());
        var listed = watch.Elapsed;
        watch.Restart();
        await Task.WhenAll(subscriptions.Select(subscription => subscription.DisposeAsync().AsTask()));
        await cluster.CountIsAsync(cluster.Third, "crowd", 0);
        await picture.UntilAsync(now => now.Now.IsEmpty, "all departures were told");
        output.WriteLine($"{Count} members: joined {joined.TotalMilliseconds:0} ms, seen on the third node {seen.TotalMilliseconds:0} ms, dispatched to all {dispatched.TotalMilliseconds:0} ms, listed {listed.TotalMilliseconds:0} ms, left {watch.Elapsed.TotalMilliseconds:0} ms; {picture.Batches.Count} batches");
        Assert.True(picture.Batches.Count < Count, "changes that came together were told together");
    }

    [Fact]
    public async Task What_breaks_a_rule_is_told_at_once()
    {
        var groups = cluster.First.Servers.Groups;
        Assert.Throws<MessageNotDeclaredException>(() => groups.Dispatch("a", "a text"));
        Assert.Throws<MessageNotSerializableException>(() => groups.Dispatch("a", new WithUnwritable(new Unwritable())));
        Assert.Throws<MessageTooLargeException>(() => groups.Dispatch("a", new Said(new string('x', 200_000))));
        Assert.Throws<InvalidGroupException>(() => groups.Dispatch("a/", new Said("x")));
        await Assert.ThrowsAsync<InvalidGroupException>(() => groups.SubscribeAsync("tab\t"));
        await Assert.ThrowsAsync<InvalidGroupException>(() => groups.ConnectAsync(""));
    }

    [Fact]
    public async Task A_node_tells_how_many_members_it_has()
    {
        var told = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "akka_durable.group.members" && ReferenceEquals(instrument.Meter, cluster.First.Servers.Node.Metrics.Meter))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<int>((_, value, tags, _) =>
        {
            Assert.Equal(0, tags.Length);
            told = value;
        });
        listener.Start();
        listener.RecordObservableInstruments();
        var before = told;
        var (mine, _) = Listener.On(cluster.First);
        var (theirs, _) = Listener.On(cluster.Second);
        await cluster.First.Servers.Groups.JoinAsync("counted/a", mine);
        await cluster.First.Servers.Groups.JoinAsync("counted/a", mine, Meta("again"));
        await using (await cluster.First.Servers.Groups.JoinAsync("counted/b", mine))
        {
            await cluster.Second.Servers.Groups.JoinAsync("counted/a", theirs);
            await cluster.CountIsAsync(cluster.First, "counted/", 3);
            listener.RecordObservableInstruments();
            Assert.Equal(before + 2, told);
        }

        await cluster.CountIsAsync(cluster.First, "counted/", 2);
        listener.RecordObservableInstruments();
        Assert.Equal(before + 1, told);
    }
}
