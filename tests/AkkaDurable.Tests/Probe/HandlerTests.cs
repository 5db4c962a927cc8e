using AkkaDurable.TestKit;

namespace AkkaDurable.Tests.Probe;

public sealed class HandlerTests
{
    [Fact]
    public async Task A_call_is_answered_and_its_state_kept()
    {
        await using var counter = ServerProbe.For(new Counter(), key: "clicks");
        Assert.Equal(1, await counter.CallAsync(new Increment()));
        Assert.Equal(42, await counter.CallAsync(new Increment(By: 41)));
        Assert.Equal(new CounterState(42), counter.State);
    }

    [Fact]
    public async Task A_cast_changes_the_state()
    {
        await using var counter = ServerProbe.For(new Counter());
        await counter.CallAsync(new Increment(3));
        await counter.CastAsync(new Reset());
        Assert.Equal(new CounterState(0), counter.State);
    }

    [Fact]
    public async Task State_survives_a_crash_after_an_acknowledged_call()
    {
        await using var counter = ServerProbe.For(() => new Counter());
        await counter.CallAsync(new Increment(7));
        await counter.CrashAsync();
        Assert.Equal(7, await counter.CallAsync(new GetCount()));
    }

    [Fact]
    public async Task A_handler_exception_answers_the_caller_and_restarts_the_server_from_stored_state()
    {
        await using var counter = ServerProbe.For(() => new Counter());
        await counter.CallAsync(new Increment(7));

        var error = await Assert.ThrowsAsync<HandlerFailedException>(() => counter.CallAsync(new Explode()));
        Assert.IsType<InvalidOperationException>(error.InnerException);
        Assert.Equal(CallOutcome.NotApplied, error.Outcome);
        Assert.Equal(7, await counter.CallAsync(new GetCount()));
        Assert.Equal(2, (await counter.ReadStoredAsync())!.Token.Epoch);
    }

    [Fact]
    public async Task An_exception_does_not_take_back_what_waits_for_a_save_under_way()
    {
        await using var counter = ServerProbe.For(() => new Counter());
        await counter.StartAsync();
        Task<int> saved, lost, exploded;
        using (counter.HoldSaves())
        {
            saved = counter.CallAsync(new Increment());
            await counter.SettleAsync();
            lost = counter.CallAsync(new Increment());
            exploded = counter.CallAsync(new Explode());
            await counter.SettleAsync();
        }

        Assert.Equal(1, await saved);
        await Assert.ThrowsAsync<HandlerFailedException>(() => exploded);
        var restarted = await Assert.ThrowsAsync<ServerRestartedException>(() => lost);
        Assert.Equal(CallOutcome.NotApplied, restarted.Outcome);
        Assert.Equal(1, await counter.CallAsync(new GetCount()));
    }

    [Fact]
    public async Task Messages_behind_a_failing_one_are_handled_after_the_restart()
    {
        await using var counter = ServerProbe.For(() => new Counter());
        await counter.CallAsync(new Increment());
        var exploded = counter.CallAsync(new Explode());
        var next = counter.CallAsync(new Increment());

        await Assert.ThrowsAsync<HandlerFailedException>(() => exploded);
        Assert.Equal(2, await next);
    }

    [Fact]
    public async Task An_unknown_message_reaches_the_caller_as_such_and_does_not_restart_the_server()
    {
        await using var counter = ServerProbe.For(new Counter());
        await counter.StartAsync();
        var error = await Assert.ThrowsAsync<UnknownMessageException>(() => counter.CallAsync(new NobodyKnowsMe()));
        Assert.Contains("Counter does not know NobodyKnowsMe", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await counter.ReadStoredAsync())!.Token.Epoch);
    }

    [Fact]
    public async Task A_reply_of_the_wrong_type_fails_the_call_before_anything_is_saved()
    {
        await using var counter = ServerProbe.For(() => new Counter());
        var error = await Assert.ThrowsAsync<ReplyMismatchException>(() => counter.CallAsync(new ReplyText()));
        Assert.Equal("Counter replied String to ReplyText, which promises Int32.", error.Message);
        Assert.Equal(0, counter.Saves);
        Assert.Equal(0, await counter.CallAsync(new GetCount()));
    }

    [Fact]
    public async Task Null_is_a_reply_where_the_promise_allows_it()
    {
        await using var counter = ServerProbe.For(new Counter());
        Assert.Null(await counter.CallAsync(new ReplyNull()));
    }

    [Fact]
    public async Task A_default_result_is_an_error_with_a_name()
    {
        await using var counter = ServerProbe.For(() => new Counter());
        var error = await Assert.ThrowsAsync<HandlerFailedException>(() => counter.CallAsync(new ReturnDefault()));
        Assert.Contains("returned default", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_awaiting_handler_holds_the_server_and_others_wait_their_turn()
    {
        await using var counter = ServerProbe.For(new Counter());
        var gate = new TaskCompletionSource();
        var slow = counter.CallAsync(new SlowIncrement(gate.Task));
        var next = counter.CallAsync(new GetCount());
        await counter.SettleAsync();
        Assert.False(next.IsCompleted);

        gate.SetResult();
        Assert.Equal(1, await slow);
        Assert.Equal(1, await next);
    }

    [Fact]
    public async Task A_save_that_fails_while_a_handler_awaits_voids_that_handler()
    {
        await using var counter = ServerProbe.For(() => new Counter());
        await counter.StartAsync();
        var gate = new TaskCompletionSource();
        Task<int> first, slow;
        using (counter.HoldSaves())
        {
            counter.FailNextSave();
            first = counter.CallAsync(new Increment());
            slow = counter.CallAsync(new SlowIncrement(gate.Task));
            await counter.SettleAsync();
        }

        await Assert.ThrowsAsync<SaveFailedException>(() => first);
        gate.SetResult();
        Assert.Equal(CallOutcome.NotApplied, (await Assert.ThrowsAsync<ServerRestartedException>(() => slow)).Outcome);
        Assert.Equal(0, await counter.CallAsync(new GetCount()));
    }

    [Fact]
    public async Task A_caller_can_be_answered_later()
    {
        await using var counter = ServerProbe.For(new Counter());
        var one = counter.CallAsync(new Later(1));
        var two = counter.CallAsync(new Later(2));
        await counter.SettleAsync();
        Assert.False(one.IsCompleted);

        await counter.CastAsync(new AnswerLater(2, 20));
        await counter.CastAsync(new AnswerLater(1, 10));
        Assert.Equal(10, await one);
        Assert.Equal(20, await two);
    }

    [Fact]
    public async Task A_caller_that_waits_for_a_late_reply_learns_of_a_crash()
    {
        await using var counter = ServerProbe.For(() => new Counter());
        var later = counter.CallAsync(new Later(1));
        await Assert.ThrowsAsync<HandlerFailedException>(() => counter.CallAsync(new Explode()));
        Assert.Equal(CallOutcome.Unknown, (await Assert.ThrowsAsync<ServerRestartedException>(() => later)).Outcome);
    }

    [Fact]
    public async Task A_caller_that_waits_for_a_late_reply_learns_of_a_stop()
    {
        await using var counter = ServerProbe.For(() => new Counter());
        var later = counter.CallAsync(new Later(1));
        await counter.SettleAsync();
        await counter.StopAsync();
        await Assert.ThrowsAsync<ServerStoppingException>(() => later);
    }

    [Fact]
    public async Task A_second_answer_to_the_same_caller_is_an_error_of_the_handler()
    {
        await using var counter = ServerProbe.For(() => new Counter());
        var later = counter.CallAsync(new Later(1));
        await counter.CastAsync(new AnswerLater(1, 10));
        Assert.Equal(10, await later);

        // The second cast throws in the handler, which restarts the server from what is stored.
        await counter.CastAsync(new AnswerLater(1, 11));
        Assert.Equal(1, await counter.CallAsync(new GetCount()));
        Assert.Equal(2, (await counter.ReadStoredAsync())!.Token.Epoch);
    }

    [Fact]
    public async Task Continue_runs_before_the_next_message()
    {
        await using var counter = ServerProbe.For(new Counter());
        var first = counter.CallAsync(new WithContinue(1, 10));
        var second = counter.CallAsync(new GetCount());
        Assert.Equal(1, await first);
        Assert.Equal(11, await second);
    }

    [Fact]
    public async Task A_call_to_itself_fails_at_once_with_a_clear_error()
    {
        await using var counter = ServerProbe.For(() => new Counter());
        var error = await Assert.ThrowsAsync<HandlerFailedException>(() => counter.CallAsync(new CallMyself()));
        var inner = Assert.IsType<SelfCallException>(error.InnerException);
        Assert.Contains("called its own server", inner.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_that_a_handler_left_behind_may_call_the_server()
    {
        await using var server = ServerProbe.For(new Spawner());
        await server.CallAsync(new Spawn());
        Assert.Equal(1, await Spawner.Left!);
    }

    [Fact]
    public async Task A_failed_call_of_a_handler_throws_in_the_handler()
    {
        await using var counter = ServerProbe.For(() => new Counter()).Stub<Neighbour>((_, _) => throw new InvalidOperationException("not today"));
        var error = await Assert.ThrowsAsync<HandlerFailedException>(() => counter.CallAsync(new CallNeighbour("n")));
        Assert.Contains("not today", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_waiting_messages_are_refused_at_once()
    {
        await using var counter = ServerProbe.For(() => new Counter(), configure: o => o.MaxWaitingMessages = 3);
        var gate = new TaskCompletionSource();
        var slow = counter.CallAsync(new SlowIncrement(gate.Task));
        await counter.SettleAsync();
        var waiting = Enumerable.Range(0, 3).Select(_ => counter.CallAsync(new Increment())).ToList();
        var error = await Assert.ThrowsAsync<OverloadedException>(() => counter.CallAsync(new Increment()));
        Assert.Equal(CallOutcome.NotApplied, error.Outcome);

        gate.SetResult();
        Assert.Equal(1, await slow);
        Assert.Equal(new List<int> { 2, 3, 4 }, await Task.WhenAll(waiting));
    }
}

public sealed record Spawn : ICall<int>;

/// <summary>Leaves a task behind that calls the server again when its handler is done.</summary>
public sealed class Spawner : DurableServer<CounterState>
{
    public static Task<int>? Left { get; private set; }

    protected override CounterState InitialState => new(0);

    protected override ValueTask<CallResult> HandleCall(object request, From from, CounterState state)
    {
        switch (request)
        {
            case Spawn:
                var handlerIsDone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                var self = Context.Servers<Spawner>()[Context.Key];
                Left = CallWhenDone();
                Context.Timers.StartOnce("done", TimeSpan.Zero, handlerIsDone);
                return Reply(1, new CounterState(1));

                async Task<int> CallWhenDone()
                {
                    await handlerIsDone.Task;
                    return await self.CallAsync(new GetCount());
                }

            default:
                return Reply(state.Count, state);
        }
    }

    protected override ValueTask<Next> HandleInfo(object message, CounterState state)
    {
        ((TaskCompletionSource)message).SetResult();
        return NoReply(state);
    }
}
