using AkkaDurable.Storage;
using AkkaDurable.TestKit;

namespace AkkaDurable.Tests.Review;

public sealed record Wait : ICall<int>;

/// <summary>A mutable state that grows beyond its limit in Terminate.</summary>
public sealed class GrowingBasket : DurableServer<State.Basket>
{
    private From? _waiting;

    public bool Answers { get; init; }

    protected override State.Basket InitialState => new();

    protected override ValueTask<CallResult> HandleCall(object request, From from, State.Basket state)
    {
        switch (request)
        {
            case State.AddItem add:
                state.Items.Add(add.Item);
                return Reply(state.Items.Count, state);
            case Wait:
                _waiting = from;
                return NoReply(state);
            default:
                return Unhandled(request);
        }
    }

    protected override ValueTask<State.Basket> Terminate(StopReason reason, State.Basket state)
    {
        if (Answers)
        {
            _waiting!.Value.Reply(1);
        }

        state.Items.Add(new string('x', 1000));
        return new(state);
    }
}

/// <summary>Who was left without an answer, or was told what is not so.</summary>
public sealed class AnswerTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Whoever_stops_a_server_is_answered_when_the_save_under_way_fails()
    {
        await using var counter = ServerProbe.For(() => new Hooked());
        await counter.StartAsync();
        Task<bool> stop;
        using (counter.HoldSaves())
        {
            counter.FailNextSave();
            _ = counter.CallAsync(new Increment());
            await counter.SettleAsync();
            stop = counter.StopAsync();
            await counter.SettleAsync();
        }

        // Whether it stopped or not is another question.
        Assert.IsNotType<TimeoutException>(await Record.ExceptionAsync(() => stop.WaitAsync(s_patience)));
    }

    [Fact]
    public async Task A_reply_given_in_AfterTerminate_reaches_its_caller()
    {
        await using var counter = ServerProbe.For(() => new Hooked { AnswersAfterTerminate = true });
        var kept = counter.CallAsync(new Keep(0));
        Assert.Equal(1, await counter.CallAsync(new StopNow()));
        Assert.Equal(1, await kept.WaitAsync(s_patience));
    }

    [Fact]
    public async Task A_caller_answered_in_Terminate_hears_of_a_final_state_that_cannot_be_stored()
    {
        await using var basket = ServerProbe.For(() => new GrowingBasket { Answers = true }, configure: o => o.MaxStateSize = 100);
        var waiting = basket.CallAsync(new Wait());
        await basket.SettleAsync();
        await Assert.ThrowsAsync<StateTooLargeException>(() => basket.StopAsync());
        await Assert.ThrowsAnyAsync<DurableServerException>(() => waiting.WaitAsync(s_patience));
    }

    [Fact]
    public async Task A_start_that_waits_behind_a_call_starts_a_server_that_was_stopped_for_good()
    {
        var store = new LateStore();
        await using var counter = ServerProbe.For(() => new Counter(), store: store);
        await counter.CallAsync(new StopWith("permanent"));
        await counter.SettleAsync();
        store.Until = new TaskCompletionSource();
        var call = counter.CallAsync(new GetCount());
        await counter.SettleAsync();
        var start = counter.StartAsync();
        await counter.SettleAsync();
        store.Until.SetResult();
        await Assert.ThrowsAsync<ServerStoppedException>(() => call);
        Assert.Equal(StartOutcome.Resumed, await start);
    }

    [Fact]
    public async Task A_caller_without_a_reply_whose_change_was_stored_is_not_told_that_it_was_not_applied()
    {
        await using var stale = ServerProbe.For(() => new Hooked());
        var kept = stale.CallAsync(new Keep(5));
        await stale.SettleAsync();
        Assert.Equal("""{"Count":5}""", System.Text.Encoding.UTF8.GetString((await stale.ReadStoredAsync())!.State!.Value.Span));

        await using var owner = stale.OnAnotherNode();
        await owner.StartAsync();
        await Assert.ThrowsAsync<OwnershipLostException>(() => stale.CallAsync(new Increment()));
        var error = await Assert.ThrowsAnyAsync<DurableServerException>(() => kept);
        Assert.Equal(CallOutcome.Unknown, error.Outcome);
    }

    [Fact]
    public async Task A_late_reply_that_a_restart_discards_does_not_tell_that_its_stored_change_was_not_applied()
    {
        await using var counter = ServerProbe.For(() => new Hooked());
        var kept = counter.CallAsync(new Keep(5));
        await counter.SettleAsync();
        using (counter.HoldSaves())
        {
            _ = counter.CallAsync(new Increment());
            await counter.CastAsync(new AnswerKept(1));
            _ = counter.CallAsync(new Explode());
            await counter.SettleAsync();
        }

        var error = await Assert.ThrowsAnyAsync<DurableServerException>(() => kept);
        Assert.Equal(6, await counter.CallAsync(new GetCount()));
        Assert.Equal(CallOutcome.Unknown, error.Outcome);
    }

    [Fact]
    public async Task A_save_that_a_crashed_server_had_under_way_does_not_acknowledge_its_successors_calls()
    {
        var store = new LateStore();
        await using var counter = ServerProbe.For(() => new Hooked(), store: store);
        await counter.StartAsync();
        var (old, current) = (store.AnswerLate(), store.AnswerLate());
        _ = counter.CallAsync(new Increment());
        await counter.SettleAsync();
        await counter.CrashAsync();
        var next = counter.CallAsync(new Increment());
        await counter.SettleAsync();

        await Task.Run(() => old.SetResult(SaveOutcome.Saved));
        await counter.SettleAsync();
        await Task.Run(() => current.SetException(new StoreUnavailableException("It never came to be stored.")));
        await Assert.ThrowsAsync<SaveFailedException>(() => next);
    }

    [Fact]
    public async Task A_task_that_replies_as_its_handler_ends_is_always_heard()
    {
        await using var server = ServerProbe.For(() => new Racing());
        for (var i = 0; i < 50_000; i++)
        {
            Assert.Equal(1, await server.CallAsync(new Wait()).WaitAsync(s_patience));
        }
    }

    private sealed class Racing : DurableServer<CounterState>
    {
        protected override CounterState InitialState => new(0);

        protected override ValueTask<CallResult> HandleCall(object request, From from, CounterState state)
        {
            _ = Task.Run(() => from.Reply(1));
            Thread.SpinWait(Random.Shared.Next(2000));
            return NoReply(state);
        }
    }
}
