using System.Diagnostics;
using AkkaDurable.Storage;
using Xunit.Abstractions;

namespace AkkaDurable.Cluster.Tests.Groups;

/// <summary>Nodes that are lost, leave, or have their servers moved. Each test has a cluster of its own.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "IAsyncLifetime disposes of it.")]
public sealed class LostNodeTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly ThreeNodeCluster _cluster = new();

    public Task InitializeAsync() => _cluster.InitializeAsync();

    public Task DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task The_members_and_servers_of_a_lost_node_are_gone_in_one_batch()
    {
        const int Count = 500;
        var lost = _cluster.Third;
        for (var i = 0; i < Count; i++)
        {
            await lost.Servers.Groups.JoinAsync($"room/{i % 10}", Listener.On(lost).Actor);
        }

        var (stays, _) = Listener.On(_cluster.First);
        await _cluster.First.Servers.Groups.JoinAsync("room/0", stays);
        await using var picture = new Picture(_cluster.First, LifecycleFilter.AllGroups());
        await picture.UntilAsync(now => now.Now.Count == Count + 1, "all joins were told");
        var before = picture.Batches.Count;
        var watch = Stopwatch.StartNew();
        await _cluster.LoseAsync(lost);
        await picture.UntilAsync(now => now.Now.Count == 1, "the lost node's members are gone");
        output.WriteLine($"{Count} members gone {watch.Elapsed.TotalMilliseconds:0} ms after their node was put out");
        var batch = Assert.Single(picture.Batches.Skip(before));
        Assert.False(batch.Missed);
        Assert.Equal(Count, batch.Events.Count);
        Assert.All(batch.Events, told => Assert.Equal((LifecycleEventKind.Left, LifecycleReason.NodeLost, lost.Address.ToString()), (told.Kind, told.Reason!.Value, told.Node)));
        await _cluster.CountIsAsync(_cluster.Second, "room/", 1);
    }

    [Fact]
    public async Task Servers_that_move_leave_no_wrong_picture_whoever_watches()
    {
        var keys = Enumerable.Range(0, 60).Select(i => $"move-{i}").ToList();
        await Task.WhenAll(keys.Select(key => _cluster.Chatters[key].CallAsync(new Enter("travellers", key)).AsTask()));
        var pictures = _cluster.Nodes.Take(2).SelectMany(node => new[] { new Picture(node, LifecycleFilter.ServersByPrefix("chatter", "move-")), new Picture(node, LifecycleFilter.Group("travellers")) }).ToList();
        foreach (var picture in pictures)
        {
            await picture.UntilAsync(now => now.Now.Count == keys.Count, "all are told");
        }

        // The third node leaves in order: its servers go on elsewhere, called all the while.
        var leaving = _cluster.Third;
        var moved = keys.Where(key => pictures[0].Now[$"chatter|{key}"].Node == leaving.Address.ToString()).ToList();
        Assert.NotEmpty(moved);
        var leave = leaving.LeaveAsync();
        while (!leave.IsCompleted)
        {
            await Task.WhenAll(keys.Select(async key =>
            {
                try
                {
                    await _cluster.Chatters[key].CallAsync(new Enter("travellers", key));
                }
                catch (DurableServerException)
                {
                    // On its way to the leaving node; the calls after it matter.
                }
            }));
        }

        await Task.WhenAll(keys.Select(key => _cluster.Chatters[key].CallAsync(new Enter("travellers", key)).AsTask()));
        foreach (var picture in pictures)
        {
            await picture.UntilAsync(now => now.Now.Count == keys.Count && now.Now.Values.All(told => told.Node != leaving.Address.ToString()), "all are told to run on the nodes that stay");
            foreach (var key in keys)
            {
                var info = await _cluster.Chatters[key].InfoAsync();
                var told = picture.Now.Values.Single(told => told.Key == key || told.Member?.ServerKey == key);
                Assert.Equal(info!.Node, told.Node);
                Assert.True(told.Member is not null || told.Epoch == info.Epoch, $"{key} is told at epoch {told.Epoch}, and runs at {info.Epoch}");
            }

            await picture.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_node_that_comes_later_is_told_all()
    {
        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => _cluster.First.Servers.Groups.SubscribeAsync($"old/{i}", new Dictionary<string, string> { ["text"] = new('x', 2_000) })));
        await _cluster.Chatters["old"].CallAsync(new SetMood("wise"));
        var late = await _cluster.AddAsync();
        await _cluster.CountIsAsync(late, "old/", 300);
        await using var picture = new Picture(late, LifecycleFilter.All);
        await picture.UntilAsync(now => now.Now.Count == 301, "all are told");
    }
}
