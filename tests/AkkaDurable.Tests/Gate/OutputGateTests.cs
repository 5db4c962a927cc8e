using AkkaDurable.TestKit;

namespace AkkaDurable.Tests.Gate;

/// <summary>A start stores the initial state before it is reported: that is the first save of the servers that are started here.</summary>
public sealed class OutputGateTests
{
    [Fact]
    public async Task No_reply_leaves_before_its_state_is_stored()
    {
        await using var counter = ServerProbe.For(new Counter());
        await counter.StartAsync();
        Task<int> first, second;
        using (counter.HoldSaves())
        {
            first = counter.CallAsync(new Increment());
            second = counter.CallAsync(new Increment());
            await counter.SettleAsync();

            Assert.Equal(new CounterState(2), counter.State);
            Assert.Equal(1, counter.Saves);
            Assert.False(first.IsCompleted);
            Assert.False(second.IsCompleted);
        }

        Assert.Equal(1, await first);
        Assert.Equal(2, await second);
    }

    [Fact]
    public async Task Each_reply_is_released_by_the_save_that_covers_it()
    {
        await using var counter = ServerProbe.For(new Counter());
        await counter.StartAsync();
        using var hold = counter.HoldSaves();
        var first = counter.CallAsync(new Increment());
        await counter.SettleAsync();
        var second = counter.CallAsync(new Increment());
        await counter.SettleAsync();

        hold.LetOneThrough();
        Assert.Equal(1, await first);
        await counter.SettleAsync();
        Assert.False(second.IsCompleted);

        hold.LetOneThrough();
        Assert.Equal(2, await second);
        Assert.Equal(1 + 2, counter.Saves);
    }

    [Fact]
    public async Task A_hundred_calls_during_one_slow_save_cost_two_saves()
    {
        await using var counter = ServerProbe.For(new Counter());
        await counter.StartAsync();
        var calls = new List<Task<int>>();
        using (counter.HoldSaves())
        {
            for (var i = 0; i < 100; i++)
            {
                calls.Add(counter.CallAsync(new Increment()));
            }

            await counter.SettleAsync();
            Assert.Equal(new CounterState(100), counter.State);
        }

        Assert.Equal(Enumerable.Range(1, 100), await Task.WhenAll(calls));
        Assert.Equal(1 + 2, counter.Saves);
    }

    [Fact]
    public async Task A_read_of_unsaved_state_waits_for_it()
    {
        await using var counter = ServerProbe.For(new Counter());
        await counter.StartAsync();
        Task<int> read;
        using (counter.HoldSaves())
        {
            _ = counter.CallAsync(new Increment());
            read = counter.CallAsync(new GetCount());
            await counter.SettleAsync();
            Assert.False(read.IsCompleted);
        }

        Assert.Equal(1, await read);
        Assert.Equal(1 + 1, counter.Saves);
    }

    [Fact]
    public async Task A_read_of_stored_state_does_not_wait_and_writes_nothing()
    {
        await using var counter = ServerProbe.For(new Counter());
        await counter.CallAsync(new Increment());
        using (counter.HoldSaves())
        {
            Assert.Equal(1, await counter.CallAsync(new GetCount()));
        }

        Assert.Equal(1, counter.Saves);
    }

    [Fact]
    public async Task A_failed_save_fails_all_who_waited_for_it_and_the_server_restarts_from_what_is_stored()
    {
        await using var counter = ServerProbe.For(() => new Counter());
        Assert.Equal(5, await counter.CallAsync(new Increment(5)));
        Task<int>[] calls;
        using (counter.HoldSaves())
        {
            counter.FailNextSave();
            calls = [counter.CallAsync(new Increment()), counter.CallAsync(new Increment()), counter.CallAsync(new GetCount())];
            await counter.SettleAsync();
        }

        foreach (var call in calls)
        {
            var error = await Assert.ThrowsAsync<SaveFailedException>(() => call);
            Assert.Equal(CallOutcome.Unknown, error.Outcome);
            Assert.Equal("probe", error.Key);
        }

        Assert.Equal(5, await counter.CallAsync(new GetCount()));
    }

    [Fact]
    public async Task A_cast_to_another_server_leaves_with_the_state_it_was_computed_from()
    {
        await using var counter = ServerProbe.For(new Counter()).Stub<Neighbour>((_, _) => 0);
        await counter.StartAsync();
        using (counter.HoldSaves())
        {
            await counter.CastAsync(new CastNeighbour("n", By: 7));
            Assert.Equal(new CounterState(7), counter.State);
            Assert.Empty(counter.Sent);
        }

        await counter.CallAsync(new GetCount());
        Assert.Equal([new SentMessage(typeof(Neighbour), "n", new Poke(7), IsCall: false)], counter.Sent);
    }

    [Fact]
    public async Task A_message_to_a_plain_actor_leaves_with_the_state_it_was_computed_from()
    {
        await using var counter = ServerProbe.For(new Counter());
        await counter.StartAsync();
        var actor = new Recorder();
        using (counter.HoldSaves())
        {
            await counter.CastAsync(new TellActor(actor, 7));
            Assert.Empty(actor.Told);
        }

        await counter.CallAsync(new GetCount());
        Assert.Equal(["count is 7"], actor.Told);
    }

    [Fact]
    public async Task A_call_in_terminate_waited_for_a_save_that_would_not_come_before_terminate_was_done()
    {
        var server = new Counter();
        await using var counter = ServerProbe.For(server).Stub<Neighbour>((_, request) => ((Ask)request).Value * 10);
        await counter.CastAsync(new AskAtTheEnd());
        Task<int> stopping;
        using (counter.HoldSaves())
        {
            _ = counter.CallAsync(new Increment(4));
            _ = counter.CallAsync(new Increment(1));
            stopping = counter.CallAsync(new StopWith("normal"));
            await counter.SettleAsync();
        }

        Assert.Equal(5, await stopping);
        Assert.Contains("neighbour says 60", server.Events);
    }

    [Fact]
    public async Task A_call_of_a_handler_that_outlived_a_failed_save_held_up_the_restart_for_ever()
    {
        await using var counter = ServerProbe.For(() => new Counter()).Stub<Neighbour>((_, _) => 1);
        await counter.StartAsync();
        var between = new TaskCompletionSource();
        Task<int> first, asking;
        using (counter.HoldSaves())
        {
            counter.FailNextSave();
            first = counter.CallAsync(new Increment());
            asking = counter.CallAsync(new AskTwice(between.Task));
            await counter.SettleAsync();
        }

        await Assert.ThrowsAsync<SaveFailedException>(() => first);
        between.SetResult();
        await Assert.ThrowsAsync<ServerRestartedException>(() => asking);
        Assert.Equal(0, await counter.CallAsync(new GetCount()));
    }

    [Fact]
    public async Task A_cast_of_a_handler_that_fails_is_never_sent()
    {
        await using var counter = ServerProbe.For(() => new Counter()).Stub<Neighbour>((_, _) => 0);
        await counter.CastAsync(new CastNeighbour("n", By: 7, ThenExplode: true));
        await counter.CallAsync(new GetCount());

        Assert.Empty(counter.Sent);
    }

    [Fact]
    public async Task A_call_to_another_server_waits_for_the_state_the_handler_began_with()
    {
        await using var counter = ServerProbe.For(new Counter()).Stub<Neighbour>((_, request) => ((Ask)request).Value * 10);
        await counter.StartAsync();
        Task<int> call;
        using (counter.HoldSaves())
        {
            _ = counter.CallAsync(new Increment(4));
            call = counter.CallAsync(new CallNeighbour("n"));
            await counter.SettleAsync();

            // The handler runs and awaits, but its call must not tell the neighbour of a state that may yet be lost.
            Assert.Empty(counter.Sent);
        }

        Assert.Equal(40, await call);
        Assert.True(Assert.Single(counter.Sent).IsCall);
    }

    [Fact]
    public async Task A_call_to_another_server_from_stored_state_does_not_wait()
    {
        await using var counter = ServerProbe.For(new Counter()).Stub<Neighbour>((_, request) => ((Ask)request).Value * 10);
        await counter.CallAsync(new Increment(4));
        using (counter.HoldSaves())
        {
            Assert.Equal(40, await counter.CallAsync(new CallNeighbour("n")));
        }
    }

    [Fact]
    public async Task A_late_reply_waits_for_the_state_of_the_handler_that_gives_it()
    {
        await using var counter = ServerProbe.For(new Counter());
        var later = counter.CallAsync(new Later(1));
        await counter.SettleAsync();
        using (counter.HoldSaves())
        {
            await counter.CastAsync(new AnswerLater(1, 42));
            Assert.Equal(new CounterState(1), counter.State);
            Assert.False(later.IsCompleted);
        }

        Assert.Equal(42, await later);
    }

    [Fact]
    public async Task A_state_that_changed_and_changed_back_is_not_written_again()
    {
        await using var counter = ServerProbe.For(new Counter());
        await counter.StartAsync();
        using (counter.HoldSaves())
        {
            _ = counter.CallAsync(new Increment());
            await counter.CastAsync(new Reset());
            await counter.CastAsync(new TellActor(Akka.Actor.ActorRefs.Nobody, 1));
            await counter.SettleAsync();
        }

        // The increment was being saved when the casts came: what they led to was stored by then. Calls would have been remembered with another save.
        Assert.Equal(1, await counter.CallAsync(new GetCount()));
        Assert.Equal(1 + 1, counter.Saves);
    }

    private sealed class Recorder : Akka.Actor.ICanTell
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<object> _told = new();

        public IEnumerable<object> Told => _told;

        public void Tell(object message, Akka.Actor.IActorRef sender) => _told.Enqueue(message);
    }
}
