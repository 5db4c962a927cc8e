using AkkaDurable.TestKit;

namespace AkkaDurable.Tests.Review;

public sealed class SavedCounter : DurableServer<CounterState>
{
    protected override CounterState InitialState => new(0);

    protected override ValueTask<Next> HandleCast(object message, CounterState state) =>
        NoReply(new CounterState(state.Count + 1)).IdleAfter(((Idle)message).After);

    protected override ValueTask<Next> HandleInfo(object message, CounterState state) => NoReply(new CounterState(state.Count + 100));

    protected override ValueTask<Next> HandleSaved(CounterState saved, CounterState state) => NoReply(state);
}

public sealed record Put(string Item, bool Save) : ICall<int>;

public sealed record AskAround : ICall<int>;

/// <summary>Changes its state in place, and says itself what must be saved.</summary>
public sealed class SelfSavingBasket : DurableServer<State.Basket>
{
    protected override State.Basket InitialState => new();

    protected override async ValueTask<CallResult> HandleCall(object request, From from, State.Basket state)
    {
        if (request is AskAround)
        {
            return Reply(await Context.Servers<Neighbour>()["n"].CallAsync(new Ask(state.Items.Count), Timeout.InfiniteTimeSpan), state);
        }

        var put = (Put)request;
        state.Items.Add(put.Item);
        return put.Save ? Reply(state.Items.Count, state).Save() : Reply(state.Items.Count, state);
    }
}

public sealed class AskingBasket : DurableServer<State.Basket>
{
    protected override State.Basket InitialState => new();

    protected override async ValueTask<InitResult> Init(State.Basket state, ServerContext context)
    {
        await context.Servers<Neighbour>()["n"].CallAsync(new Ask(state.Items.Count));
        return Ok(state);
    }
}

/// <summary>What never ends, or never happens again.</summary>
public sealed class StuckTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Terminate_can_call_another_server_when_the_stop_changed_the_state()
    {
        await using var counter = ServerProbe.For(() => new Hooked { AtTerminate = AskNeighbour }).Stub<Neighbour>((_, _) => 0);
        Assert.Equal(1, await counter.CallAsync(new StopNow()).WaitAsync(s_patience));
    }

    [Fact]
    public async Task Terminate_can_call_another_server_whatever_the_policy()
    {
        await using var counter = ServerProbe.For(() => new Hooked { AtTerminate = AskNeighbour }, configure: o => o.Save = SavePolicy.OnStop).Stub<Neighbour>((_, _) => 0);
        Assert.Equal(1, await counter.CallAsync(new StopNow()).WaitAsync(s_patience));
    }

    [Fact]
    public async Task Terminate_can_call_another_server_when_a_save_is_under_way_that_does_not_cover_its_state()
    {
        await using var counter = ServerProbe.For(() => new Hooked { AtTerminate = AskNeighbour }).Stub<Neighbour>((_, _) => 0);
        await counter.StartAsync();
        Task<bool> stop;
        using (counter.HoldSaves())
        {
            _ = counter.CallAsync(new Increment());
            await counter.SettleAsync();
            _ = counter.CallAsync(new Increment());
            stop = counter.StopAsync();
            await counter.SettleAsync();
        }

        Assert.True(await stop.WaitAsync(s_patience));
    }

    [Fact]
    public async Task Init_can_call_another_server_when_the_start_gave_a_mutable_state()
    {
        await using var basket = ServerProbe.For(() => new AskingBasket()).Stub<Neighbour>((_, _) => 0);
        Assert.Equal(StartOutcome.Created, await basket.StartAsync(new State.Basket { Items = ["apple"] }).WaitAsync(s_patience));
    }

    [Fact]
    public async Task A_timer_of_Init_whose_message_always_fails_does_not_restart_the_server_for_ever()
    {
        var ticks = 0;
        var again = new TaskCompletionSource();
        await using var counter = ServerProbe.For(() => new Hooked { AtInit = StartTimer, AtInfo = Fail });
        var call = counter.CallAsync(new GetCount());
        Assert.Same(call, await Task.WhenAny(call, again.Task));
        for (var i = 0; i < 20 && !again.Task.IsCompleted; i++)
        {
            await counter.SettleAsync();
        }

        Assert.True(ticks < 10, $"It has started {ticks} times.");

        ValueTask<CounterState> StartTimer(ServerContext context, CounterState state)
        {
            context.Timers.StartOnce("t", TimeSpan.Zero, new Tick());
            return new(state);
        }

        void Fail()
        {
            if (++ticks < 1000)
            {
                throw new InvalidOperationException("boom");
            }

            again.TrySetResult();
        }
    }

    [Fact]
    public async Task Init_can_call_another_server_when_the_start_gave_a_state()
    {
        await using var counter = ServerProbe.For(() => new Hooked { AtInit = AskNeighbourFirst }).Stub<Neighbour>((_, _) => 0);
        Assert.Equal(StartOutcome.Created, await counter.StartAsync(new CounterState(5)).WaitAsync(s_patience));
    }

    [Fact]
    public async Task A_handler_that_calls_after_a_save_failed_does_not_hold_up_the_restart()
    {
        await using var counter = ServerProbe.For(() => new Hooked()).Stub<Neighbour>((_, _) => 0);
        await counter.StartAsync();
        var until = new TaskCompletionSource();
        Task<int> slow;
        using (counter.HoldSaves())
        {
            counter.FailNextSave();
            _ = counter.CallAsync(new Increment());
            slow = counter.CallAsync(new WaitThenCall(until.Task, Timeout.InfiniteTimeSpan));
            await counter.SettleAsync();
        }

        await counter.SettleAsync();
        until.SetResult();
        await Assert.ThrowsAnyAsync<DurableServerException>(() => slow.WaitAsync(s_patience));
        Assert.Equal(0, await counter.CallAsync(new GetCount()).WaitAsync(s_patience));
    }

    [Fact]
    public async Task A_handler_that_starts_another_server_hears_of_it_when_the_save_it_waited_for_failed()
    {
        await using var counter = ServerProbe.For(() => new Hooked()).Stub<Neighbour>((_, _) => 0);
        await counter.StartAsync();
        Task<int> start;
        using (counter.HoldSaves())
        {
            counter.FailNextSave();
            _ = counter.CallAsync(new Increment());
            start = counter.CallAsync(new StartNeighbour());
            await counter.SettleAsync();
        }

        await Assert.ThrowsAnyAsync<DurableServerException>(() => start.WaitAsync(s_patience));
    }

    [Fact]
    public async Task A_step_after_init_that_always_fails_does_not_restart_the_server_for_ever()
    {
        var steps = 0;
        var again = new TaskCompletionSource();
        await using var counter = ServerProbe.For(() => new Hooked { AtContinue = Fail });
        var call = counter.CallAsync(new GetCount());
        Assert.Same(call, await Task.WhenAny(call, again.Task));

        // So that the test ends even while the defect lives.
        void Fail()
        {
            if (++steps < 1000)
            {
                throw new InvalidOperationException("boom");
            }

            again.TrySetResult();
        }
    }

    [Fact]
    public async Task An_init_whose_state_cannot_be_stored_is_told_to_the_caller_and_not_tried_for_ever()
    {
        var inits = 0;
        var again = new TaskCompletionSource();
        await using var counter = ServerProbe.For(() => new Hooked { AtInit = TooMuch }, configure: o => o.MaxStateSize = 12);
        var call = counter.CallAsync(new GetCount());
        Assert.Same(call, await Task.WhenAny(call, again.Task));
        await Assert.ThrowsAnyAsync<DurableServerException>(() => call);

        ValueTask<CounterState> TooMuch(ServerContext context, CounterState state)
        {
            if (++inits < 1000)
            {
                return new(new CounterState(123_456_789));
            }

            again.TrySetResult();
            return new(state);
        }
    }

    [Fact]
    public async Task A_periodic_timer_stopped_for_ever_when_an_overloaded_server_refused_a_tick()
    {
        var second = TimeSpan.FromSeconds(1);
        await using var counter = ServerProbe.For(() => new Counter(), configure: o => o.MaxWaitingMessages = 1);
        await counter.CastAsync(new StartTimer("t", second, Periodic: true));
        var until = new TaskCompletionSource();
        var slow = counter.CallAsync(new SlowIncrement(until.Task));
        await counter.SettleAsync();
        var waiting = counter.CallAsync(new GetCount());
        await counter.AdvanceAsync(second);
        until.SetResult();
        Assert.Equal(1, await slow);
        Assert.Equal(1, await waiting);

        await counter.AdvanceAsync(second);
        Assert.Equal(3, counter.State.Count);
    }

    [Fact]
    public async Task A_server_that_has_given_all_its_late_replies_passivates()
    {
        await using var counter = ServerProbe.For(() => new Counter(), configure: o => o.PassivateAfter = TimeSpan.FromMinutes(1));
        var later = counter.CallAsync(new Later(1));
        await counter.CastAsync(new AnswerLater(1, 42));
        Assert.Equal(42, await later);
        await counter.AdvanceAsync(TimeSpan.FromMinutes(2));
        Assert.False(counter.IsRunning);
    }

    [Fact]
    public async Task IdleAfter_is_not_called_off_by_HandleSaved()
    {
        await using var counter = ServerProbe.For(() => new SavedCounter());
        await counter.CastAsync(new Idle(TimeSpan.FromSeconds(1)));
        await counter.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(101, counter.State.Count);
    }

    [Fact]
    public async Task A_saved_result_and_a_handler_that_awaits_a_call_do_not_wait_for_each_other()
    {
        await using var basket = ServerProbe.For(() => new SelfSavingBasket(), configure: o => o.Save = SavePolicy.OnStop).Stub<Neighbour>((_, request) => ((Ask)request).Value);
        await basket.StartAsync();
        Task<int> saved, asked;
        using (basket.HoldSaves())
        {
            _ = basket.CallAsync(new Put("a", Save: true));
            saved = basket.CallAsync(new Put("b", Save: true));
            _ = basket.CallAsync(new Put("c", Save: false));
            asked = basket.CallAsync(new AskAround());
            await basket.SettleAsync();
        }

        Assert.Equal(2, await saved.WaitAsync(s_patience));
        Assert.Equal(3, await asked.WaitAsync(s_patience));
    }

    private static async ValueTask AskNeighbour(ServerContext context, CounterState state) =>
        await context.Servers<Neighbour>()["n"].CallAsync(new Ask(state.Count));

    private static async ValueTask<CounterState> AskNeighbourFirst(ServerContext context, CounterState state)
    {
        await AskNeighbour(context, state);
        return state;
    }
}
