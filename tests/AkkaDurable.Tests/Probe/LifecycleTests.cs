using AkkaDurable.Storage;
using AkkaDurable.TestKit;

namespace AkkaDurable.Tests.Probe;

public sealed class LifecycleTests
{
    [Fact]
    public async Task A_stop_runs_terminate_then_the_final_save_then_after_terminate()
    {
        var server = new Counter();
        await using var counter = ServerProbe.For(server);
        await counter.CallAsync(new Increment(5));

        Assert.True(await counter.StopAsync());
        Assert.False(counter.IsRunning);
        Assert.Equal(["terminate normal", "after normal 1005"], server.Events);
        var stored = await counter.ReadStoredAsync();
        Assert.Equal(ServerStatus.StoppedGraceful, stored!.Status);
        Assert.Equal("""{"Count":1005}""", System.Text.Encoding.UTF8.GetString(stored.State!.Value.Span));
    }

    [Fact]
    public async Task A_stop_of_a_server_that_does_not_run_does_not_start_it()
    {
        await using var counter = ServerProbe.For(() => new Counter());
        Assert.False(await counter.StopAsync());
        Assert.Null(await counter.ReadStoredAsync());
    }

    [Theory]
    [InlineData("normal", ServerStatus.StoppedGraceful)]
    [InlineData("shutdown", ServerStatus.StoppedGraceful)]
    [InlineData("permanent", ServerStatus.StoppedPermanent)]
    public async Task A_handler_can_stop_its_server_and_the_reply_waits_for_the_final_save(string reason, ServerStatus status)
    {
        await using var counter = ServerProbe.For(() => new Counter());
        await counter.StartAsync();
        Task<int> call;
        using (counter.HoldSaves())
        {
            call = counter.CallAsync(new StopWith(reason));
            await counter.SettleAsync();
            Assert.False(call.IsCompleted);
        }

        Assert.Equal(0, await call);
        await counter.SettleAsync();
        Assert.Equal(status, (await counter.ReadStoredAsync())!.Status);
    }

    [Fact]
    public async Task A_server_stopped_for_good_refuses_messages_until_it_is_started()
    {
        await using var counter = ServerProbe.For(() => new Counter());
        await counter.CallAsync(new StopWith("permanent"));
        var error = await Assert.ThrowsAsync<ServerStoppedException>(() => counter.CallAsync(new GetCount()));
        Assert.Equal(CallOutcome.NotApplied, error.Outcome);
        Assert.Equal(ServerStatus.StoppedPermanent, (await counter.ReadStoredAsync())!.Status);

        Assert.Equal(StartOutcome.Resumed, await counter.StartAsync());
        Assert.Equal(1001, await counter.CallAsync(new GetCount()));
    }

    [Fact]
    public async Task A_handler_can_delete_its_server()
    {
        await using var counter = ServerProbe.For(() => new Counter());
        await counter.CallAsync(new Increment(5));
        await counter.CallAsync(new StopWith("delete"));
        await counter.SettleAsync();
        Assert.Null(await counter.ReadStoredAsync());
        Assert.Equal(0, await counter.CallAsync(new GetCount()));
    }

    [Fact]
    public async Task Delete_removes_the_record_of_a_running_and_of_a_dormant_server()
    {
        await using var counter = ServerProbe.For(() => new Counter());
        await counter.CallAsync(new Increment(5));
        Assert.True(await counter.DeleteAsync());
        Assert.Null(await counter.ReadStoredAsync());

        await counter.CallAsync(new Increment(6));
        await counter.StopAsync();
        Assert.True(await counter.DeleteAsync());
        Assert.Null(await counter.ReadStoredAsync());
        Assert.False(await counter.DeleteAsync());
    }

    [Fact]
    public async Task A_stop_with_an_error_keeps_the_state_from_before_and_marks_the_crash()
    {
        await using var counter = ServerProbe.For(() => new Counter());
        await counter.CallAsync(new Increment(5));
        var error = await Assert.ThrowsAsync<HandlerFailedException>(() => counter.CallAsync(new StopWith("it broke")));
        Assert.Contains("it broke", error.Message, StringComparison.Ordinal);
        await counter.SettleAsync();
        Assert.Equal(ServerStatus.Crashed, (await counter.ReadStoredAsync())!.Status);
        Assert.Equal(5, await counter.CallAsync(new GetCount()));
    }

    [Fact]
    public async Task Messages_that_wait_when_a_server_stops_start_it_again()
    {
        await using var counter = ServerProbe.For(() => new Counter());
        await counter.StartAsync();
        var stopping = counter.CallAsync(new StopWith("normal"));
        var next = counter.CallAsync(new Increment());
        Assert.Equal(0, await stopping);
        Assert.Equal(1002, await next);
    }

    [Fact]
    public async Task Start_creates_resumes_or_finds_it_running()
    {
        await using var counter = ServerProbe.For(() => new Counter());
        Assert.Equal(StartOutcome.Created, await counter.StartAsync(new CounterState(5)));
        Assert.Equal(StartOutcome.AlreadyRunning, await counter.StartAsync(new CounterState(6)));
        await counter.CrashAsync();
        Assert.Equal(StartOutcome.Resumed, await counter.StartAsync(new CounterState(7)));
        Assert.Equal(new CounterState(5), counter.State);
    }

    [Fact]
    public async Task An_idle_server_passivates_and_comes_back_with_its_state()
    {
        await using var counter = ServerProbe.For(() => new Counter(), configure: o => o.PassivateAfter = TimeSpan.FromMinutes(1));
        await counter.CallAsync(new Increment());
        await counter.AdvanceAsync(TimeSpan.FromSeconds(45));
        Assert.True(counter.IsRunning);
        await counter.AdvanceAsync(TimeSpan.FromSeconds(15));
        Assert.False(counter.IsRunning);
        Assert.Equal(ServerStatus.StoppedGraceful, (await counter.ReadStoredAsync())!.Status);
        Assert.Equal(1001, await counter.CallAsync(new GetCount()));
    }

    [Fact]
    public async Task A_message_restarts_the_idle_time()
    {
        await using var counter = ServerProbe.For(() => new Counter(), configure: o => o.PassivateAfter = TimeSpan.FromMinutes(1));
        await counter.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await counter.AdvanceAsync(TimeSpan.FromSeconds(45));
            await counter.CallAsync(new Increment());
        }

        Assert.True(counter.IsRunning);
        Assert.Equal(1, (await counter.ReadStoredAsync())!.Token.Epoch);
    }

    [Fact]
    public async Task A_server_with_a_timer_does_not_passivate_by_idling()
    {
        await using var counter = ServerProbe.For(() => new Counter(), configure: o => o.PassivateAfter = TimeSpan.FromMinutes(1));
        await counter.CastAsync(new StartTimer("t", TimeSpan.FromHours(1)));
        await counter.AdvanceAsync(TimeSpan.FromMinutes(30));
        Assert.True(counter.IsRunning);
    }

    [Fact]
    public async Task A_failed_final_save_is_told_to_who_asked_for_the_stop()
    {
        await using var counter = ServerProbe.For(() => new Counter());
        await counter.CallAsync(new Increment(5));
        counter.FailNextSave();
        await Assert.ThrowsAsync<SaveFailedException>(() => counter.StopAsync());
        await counter.SettleAsync();
        Assert.Equal(5, await counter.CallAsync(new GetCount()));
    }

    [Fact]
    public async Task An_init_that_fails_tells_the_callers_and_the_next_message_tries_again()
    {
        var attempts = 0;
        await using var server = ServerProbe.For(() => new Picky(() => ++attempts <= 2 ? throw new InvalidOperationException("not yet") : false));
        var error = await Assert.ThrowsAsync<InitFailedException>(() => server.CallAsync(new GetCount()));
        Assert.Contains("not yet", error.Message, StringComparison.Ordinal);
        await server.SettleAsync();
        Assert.Equal(ServerStatus.Crashed, (await server.ReadStoredAsync())!.Status);
        await Assert.ThrowsAsync<InitFailedException>(() => server.CallAsync(new GetCount()));
        Assert.Equal(11, await server.CallAsync(new GetCount()));
    }

    [Fact]
    public async Task An_init_that_ignores_tells_the_callers()
    {
        await using var server = ServerProbe.For(() => new Picky(() => true));
        await Assert.ThrowsAsync<ServerIgnoredException>(() => server.CallAsync(new GetCount()));
        await server.SettleAsync();
        Assert.Equal(ServerStatus.StoppedGraceful, (await server.ReadStoredAsync())!.Status);
    }

    [Fact]
    public async Task A_constructor_that_fails_tells_the_callers_and_claims_nothing()
    {
        var made = false;
        await using var server = ServerProbe.For(() => made ? throw new InvalidOperationException("no") : Make());
        await server.CrashAsync();
        Assert.Equal(11, await server.CallAsync(new GetCount()));
        await server.CrashAsync();
        await Assert.ThrowsAsync<InitFailedException>(() => server.CallAsync(new GetCount()));
        Assert.Equal(1, (await server.ReadStoredAsync())!.Token.Epoch);

        Picky Make()
        {
            made = true;
            return new Picky(() => false);
        }
    }

    [Fact]
    public async Task The_state_that_init_returns_is_saved_and_its_continue_runs_first()
    {
        await using var server = ServerProbe.For(new Picky(() => false));
        Assert.Equal(11, await server.CallAsync(new GetCount()));
        Assert.Equal("""{"Count":11}""", System.Text.Encoding.UTF8.GetString((await server.ReadStoredAsync())!.State!.Value.Span));
    }

    [Fact]
    public async Task HandleSaved_runs_after_each_save_that_wrote()
    {
        var server = new Watcher();
        await using var watcher = ServerProbe.For(server);
        await watcher.CallAsync(new Increment(1));
        await watcher.CallAsync(new GetCount());
        await watcher.CallAsync(new Increment(2));
        await watcher.SettleAsync();
        Assert.Equal([1, 3], server.SavedCounts);
    }
}

/// <summary>Starts at ten more than stored, and one more by Continue, if its condition lets it.</summary>
public sealed class Picky(Func<bool> ignores) : DurableServer<CounterState>
{
    protected override CounterState InitialState => new(0);

    protected override ValueTask<InitResult> Init(CounterState state, ServerContext context) =>
        ignores() ? Ignore() : Ok(new CounterState(state.Count + 10)).Continue("one more");

    protected override ValueTask<Next> HandleContinue(object step, CounterState state) => NoReply(new CounterState(state.Count + 1));

    protected override ValueTask<CallResult> HandleCall(object request, From from, CounterState state) => Reply(state.Count, state);
}

public sealed class Watcher : DurableServer<CounterState>
{
    public List<int> SavedCounts { get; } = [];

    protected override CounterState InitialState => new(0);

    protected override ValueTask<CallResult> HandleCall(object request, From from, CounterState state) => request switch
    {
        Increment inc => Reply(state.Count + inc.By, new CounterState(state.Count + inc.By)),
        _ => Reply(state.Count, state),
    };

    protected override ValueTask<Next> HandleSaved(CounterState saved, CounterState state)
    {
        SavedCounts.Add(saved.Count);
        return NoReply(state);
    }
}
