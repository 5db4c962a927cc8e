namespace AkkaDurable.Cluster.Tests.Groups;

public sealed class LifecycleTests(ThreeNodeCluster cluster) : IClassFixture<ThreeNodeCluster>
{
    [Theory]
    [InlineData("normal", LifecycleReason.Normal)]
    [InlineData("shutdown", LifecycleReason.Shutdown)]
    [InlineData("permanent", LifecycleReason.Permanent)]
    [InlineData("delete", LifecycleReason.Delete)]
    [InlineData("error", LifecycleReason.Error)]
    public async Task A_server_is_registered_updated_and_unregistered_with_its_reason(string how, LifecycleReason reason)
    {
        var key = $"life-{how}";
        foreach (var node in cluster.Nodes)
        {
            await using var picture = new Picture(node, LifecycleFilter.Server("chatter", $"{key}-{node.Address.Port}"));
            await picture.BegunAsync();
            var server = cluster.Chatters[$"{key}-{node.Address.Port}"];
            await server.CallAsync(new SetMood("happy"));
            await server.CallAsync(new SetMood("happy"));
            try
            {
                await server.CallAsync(new Finish(how));
            }
            catch (HandlerFailedException) when (how == "error")
            {
                // Who calls a server that ends so is told.
            }

            await picture.UntilAsync(now => now.Events.Any(told => told.Kind == LifecycleEventKind.Unregistered), "it is unregistered");
            Assert.Equal(
                ["Registered new <", "Updated happy <new", $"Unregistered happy < {reason}"],
                picture.Events.Take(3).Select(told => $"{told.Kind} {told.Meta["mood"]} <{told.PreviousMeta?["mood"]} {told.Reason}".TrimEnd()));
            Assert.Equal(1, picture.Events.First().Epoch);
        }
    }

    [Fact]
    public async Task A_crash_is_an_end_and_a_new_beginning_under_the_next_epoch()
    {
        await using var picture = new Picture(cluster.Second, LifecycleFilter.ServersByPrefix("chatter", "crash-"));
        await picture.BegunAsync();
        var server = cluster.Chatters["crash-1"];
        await server.CallAsync(new SetMood("happy"));
        await Assert.ThrowsAsync<HandlerFailedException>(async () => await server.CallAsync(new Break()));
        await server.CallAsync(new HowMany());
        await picture.UntilAsync(now => now.Events.Count() == 4, "it runs again");
        Assert.Equal(
            ["Registered 1 ", "Updated 1 ", "Unregistered 1 Error", "Registered 2 "],
            picture.Events.Select(told => $"{told.Kind} {told.Epoch} {told.Reason}"));
        Assert.Equal("new", picture.Events.Last().Meta["mood"]);
    }

    [Fact]
    public async Task What_ran_before_is_told_first_and_filters_choose()
    {
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => cluster.Chatters[$"{(i % 2 == 0 ? "even" : "odd")}-{i}"].CallAsync(new SetMood($"{i}")).AsTask()));
        foreach (var node in cluster.Nodes)
        {
            await using var even = new Picture(node, LifecycleFilter.ServersByPrefix("chatter", "even-"));
            await using var one = new Picture(node, LifecycleFilter.Server("chatter", "odd-7"));
            await using var others = new Picture(node, LifecycleFilter.ServersOf("nothing"));
            await using var all = new Picture(node, LifecycleFilter.All);
            foreach (var picture in new[] { even, one, others, all })
            {
                await picture.BegunAsync();
            }

            // The first batch is whole: it waited for all nodes.
            Assert.Equal(30, even.Batches.First().Events.Count);
            Assert.Equal(30, even.Now.Count);
            Assert.Equal("7", Assert.Single(one.Now.Values).Meta["mood"]);
            Assert.Empty(others.Now);
            Assert.True(all.Now.Count >= 60);
            Assert.True(even.Now.Values.Select(told => told.Node).Distinct().Count() > 1, "they run on several nodes");
        }
    }

    [Fact]
    public async Task Nobody_who_watches_no_more_is_told_and_servers_are_not_asked()
    {
        var (actor, heard) = Listener.On(cluster.First);
        var watch = await cluster.First.Servers.Events.WatchAsync(LifecycleFilter.ServersByPrefix("chatter", "quiet-"), actor);
        await Eventually.TrueAsync(() => Task.FromResult(heard.Count == 1), "the first batch has come");
        Assert.Empty(((LifecycleBatch)heard.First()).Events);
        await cluster.Chatters["quiet-1"].CallAsync(new SetMood("a"));
        await Eventually.TrueAsync(() => Task.FromResult(heard.Cast<LifecycleBatch>().Sum(batch => batch.Events.Count) >= 2), "it was told");
        watch.Dispose();
        await Eventually.TrueAsync(() => Task.FromResult(cluster.Nodes.All(node => !node.Servers.Node.Lifecycle.IsWatched)), "no node notes what its servers do");
        await cluster.Chatters["quiet-2"].CallAsync(new SetMood("b"));

        // Watched again, it is told what runs now, among it what nobody was told of.
        await using var picture = new Picture(cluster.Third, LifecycleFilter.ServersByPrefix("chatter", "quiet-"));
        await picture.BegunAsync();
        Assert.Equal(["a", "b"], picture.Now.Values.Select(told => told.Meta["mood"]).Order());
        Assert.DoesNotContain(heard.Cast<LifecycleBatch>().SelectMany(batch => batch.Events), told => told.Key == "quiet-2");
    }

    [Fact]
    public async Task A_slow_watcher_is_told_that_it_missed_events_and_what_there_is()
    {
        await using var watching = cluster.First.Servers.Events.WatchAsync(LifecycleFilter.Group("slow"), capacity: 2).GetAsyncEnumerator();
        Assert.True(await watching.MoveNextAsync());
        Assert.Empty(watching.Current.Events);
        for (var i = 0; i < 50; i++)
        {
            // One after the other, so that each is a batch of its own.
            await using var left = await cluster.First.Servers.Groups.SubscribeAsync("slow");
        }

        await using var stays = await cluster.First.Servers.Groups.SubscribeAsync("slow");
        var missed = false;
        HashSet<string> members = [];
        while (!(missed && members.Contains(stays.Id)))
        {
            Assert.True(await watching.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20)));
            if (watching.Current.Missed)
            {
                missed = true;
                members.Clear();
            }

            foreach (var told in watching.Current.Events)
            {
                _ = told.Kind == LifecycleEventKind.Joined ? members.Add(told.Member!.Id) : members.Remove(told.Member!.Id);
            }
        }

        Assert.Equal(stays.Id, Assert.Single(members));
    }

    [Fact]
    public async Task A_server_is_a_member_as_long_as_it_runs()
    {
        await using var picture = new Picture(cluster.First, LifecycleFilter.Group("servers"));
        await picture.BegunAsync();
        var server = cluster.Chatters["member-1"];
        await server.CallAsync(new Enter("servers", "glad"));
        await server.CallAsync(new Enter("servers", "sad"));
        await picture.UntilAsync(now => now.Now.Values.Any(told => told.Meta.GetValueOrDefault("mood") == "sad"), "it has joined twice");
        var member = Assert.Single(await cluster.First.Servers.Groups.MembersAsync("servers"));
        Assert.Equal(("chatter", "member-1"), (member.ServerType, member.ServerKey));

        await cluster.CountIsAsync(cluster.Third, "servers", 1);
        cluster.Third.Servers.Groups.Dispatch("servers", new Said("x"));
        await Eventually.TrueAsync(async () => await server.CallAsync(new HowMany()) == 1, "it has heard it");

        await server.StopAsync();
        await picture.UntilAsync(now => now.Now.IsEmpty, "it has left");
        Assert.Equal(["Joined", "Updated", "Left"], picture.Events.Select(told => $"{told.Kind}"));
        Assert.Equal(LifecycleReason.Normal, picture.Events.Last().Reason);
        await server.CallAsync(new HowMany());
        Assert.Equal(0, await cluster.First.Servers.Groups.CountAsync("servers"));
    }
}
