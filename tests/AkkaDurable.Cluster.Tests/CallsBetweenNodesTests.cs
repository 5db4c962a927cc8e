namespace AkkaDurable.Cluster.Tests;

public sealed class CallsBetweenNodesTests(TwoNodeCluster cluster) : IClassFixture<TwoNodeCluster>
{
    [Fact]
    public async Task A_server_is_one_server_from_every_node()
    {
        for (var i = 0; i < 40; i++)
        {
            var key = $"one-{i}";
            Assert.Equal(1, await cluster.FromFirst[key].CallAsync(new Increment()));
            Assert.Equal(2, await cluster.FromSecond[key].CallAsync(new Increment()));
            Assert.Equal(2, await cluster.FromFirst[key].CallAsync(new GetCount()));
        }
    }

    [Fact]
    public async Task Servers_are_spread_over_both_nodes()
    {
        await cluster.KeyAwayFromAsync(cluster.First, "spread");
        await cluster.KeyAwayFromAsync(cluster.Second, "spread");
    }

    [Fact]
    public async Task A_cast_reaches_a_server_on_another_node()
    {
        var server = cluster.FromFirst[await cluster.KeyAwayFromAsync(cluster.First, "cast")];
        server.Cast(new Add(5));
        Assert.Equal(5, await server.CallAsync(new GetCount()));
    }

    [Theory]
    [InlineData("/ # %2F ../x '; drop table 🧮")]
    [InlineData("a b")]
    [InlineData("ключ")]
    public async Task Odd_keys_are_keys_on_every_node(string key)
    {
        foreach (var suffix in Enumerable.Range(0, 10))
        {
            await cluster.FromFirst[key + suffix].CallAsync(new Increment());
            Assert.Equal(2, await cluster.FromSecond[key + suffix].CallAsync(new Increment()));
            Assert.Equal(key + suffix, (await cluster.FromSecond[key + suffix].InfoAsync())!.Key);
        }
    }

    [Fact]
    public async Task A_thousand_calls_in_flight_from_both_nodes_are_all_counted()
    {
        var calls = Enumerable.Range(0, 1000).Select(i => (i % 2 == 0 ? cluster.FromFirst : cluster.FromSecond)[$"many-{i % 10}"].CallAsync(new Increment()).AsTask()).ToList();
        await Task.WhenAll(calls);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(100, await cluster.FromFirst[$"many-{i}"].CallAsync(new GetCount()));
        }
    }

    [Fact]
    public async Task An_oversized_message_to_another_node_is_told_to_the_caller_at_once()
    {
        var server = cluster.FromFirst[await cluster.KeyAwayFromAsync(cluster.First, "big")];
        var error = await Assert.ThrowsAsync<MessageTooLargeException>(async () => await server.CallAsync(new Echo(new string('x', 200_000)), timeout: Timeout.InfiniteTimeSpan));
        Assert.True(error.Size > 200_000);
        Assert.Equal(128_000 - 4096, error.Limit);
        Assert.Equal(CallOutcome.NotApplied, error.Outcome);
        Assert.Equal("still there", await server.CallAsync(new Echo("still there")));
    }

    [Fact]
    public async Task A_message_that_json_cannot_write_is_told_to_the_caller_at_once()
    {
        var server = cluster.FromFirst[await cluster.KeyAwayFromAsync(cluster.First, "bad")];
        var error = await Assert.ThrowsAsync<MessageNotSerializableException>(async () => await server.CallAsync(new WithUnwritable(new Unwritable()), timeout: Timeout.InfiniteTimeSpan));
        Assert.Contains("WithUnwritable", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_oversized_reply_fails_the_call_and_saves_nothing()
    {
        var server = cluster.FromFirst[await cluster.KeyAwayFromAsync(cluster.First, "bigreply")];
        Assert.Equal(100, (await server.CallAsync(new MakeReply(100))).Length);
        var error = await Assert.ThrowsAsync<MessageTooLargeException>(async () => await server.CallAsync(new MakeReply(200_000)));
        Assert.Equal(CallOutcome.NotApplied, error.Outcome);
        Assert.Equal(1, await server.CallAsync(new GetCount()));
    }

    [Fact]
    public async Task A_reply_that_json_cannot_write_fails_the_call_and_saves_nothing()
    {
        var server = cluster.FromFirst[await cluster.KeyAwayFromAsync(cluster.First, "badreply")];
        await Assert.ThrowsAsync<ReplyNotSerializableException>(async () => await server.CallAsync(new BadReply()));
        Assert.Equal(0, await server.CallAsync(new GetCount()));
    }

    [Fact]
    public async Task Errors_of_a_server_on_another_node_keep_their_types()
    {
        var server = cluster.FromFirst[await cluster.KeyAwayFromAsync(cluster.First, "errors")];
        var failed = await Assert.ThrowsAsync<HandlerFailedException>(async () => await server.CallAsync(new Fail("out of cheese")));
        Assert.Contains("InvalidOperationException: out of cheese", failed.Message, StringComparison.Ordinal);
        Assert.Equal("tally", failed.ServerType);
        await Assert.ThrowsAsync<ReplyMismatchException>(async () => await server.CallAsync(new WrongReply()));
        await Assert.ThrowsAsync<UnknownMessageException>(async () => await server.CallAsync(new NobodyKnows()));
        await Assert.ThrowsAsync<ServerAlreadyRunningException>(async () => await server.StartAsync());
    }

    [Fact]
    public async Task A_failure_with_a_book_for_a_message_did_not_fit_the_wire_and_never_came()
    {
        var server = cluster.FromFirst[await cluster.KeyAwayFromAsync(cluster.First, "book")];
        var failed = await Assert.ThrowsAsync<HandlerFailedException>(async () => await server.CallAsync(new FailAtLength(300_000)));
        Assert.True(failed.Message.Length < 10_000);
    }

    [Fact]
    public async Task Control_messages_work_across_nodes()
    {
        var key = await cluster.KeyAwayFromAsync(cluster.First, "control");
        var server = cluster.FromFirst[key];
        Assert.True(await server.IsRunningAsync());
        Assert.True(await server.StopAsync());
        Assert.False(await server.StopAsync());
        Assert.False(await server.IsRunningAsync());
        Assert.Equal(ServerStatus.StoppedGraceful, (await server.InfoAsync())!.Status);
        Assert.True(await server.DeleteAsync());
        Assert.Null(await server.InfoAsync());
        Assert.Equal(StartOutcome.Created, await server.StartAsync(new TallyState(41)));
        Assert.Equal(42, await server.CallAsync(new Increment()));
        Assert.Equal(StartOutcome.AlreadyRunning, await server.EnsureStartedAsync());
        var info = (await server.InfoAsync())!;
        Assert.Equal(("tally", key, true, cluster.Second.Address.ToString(), 1L, 2L), (info.ServerType, info.Key, info.IsRunning, info.Node, info.Epoch, info.Revision));
    }

    [Fact]
    public async Task An_initial_state_of_another_type_is_refused()
    {
        var server = cluster.FromFirst["wrong-state"];
        var error = await Assert.ThrowsAsync<MessageRejectedException>(async () => await server.StartAsync("a text"));
        Assert.Contains("TallyState", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handler_calls_servers_on_both_nodes()
    {
        var here = await cluster.KeyAwayFromAsync(cluster.Second, "asker");
        var there = await cluster.KeyAwayFromAsync(cluster.First, "asked");
        await cluster.FromFirst[there].CallAsync(new Increment(7));
        Assert.Equal(7, await cluster.FromFirst[here].CallAsync(new AskOther(there)));
        Assert.Equal(7, await cluster.FromSecond[here].CallAsync(new AskOther(there)));
    }
}
