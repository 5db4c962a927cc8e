using AkkaDurable.TestKit;

namespace AkkaDurable.Tests.Gate;

public sealed class OverloadedStoreTests
{
    [Fact]
    public async Task A_save_that_the_store_refused_at_once_is_told_as_not_applied_and_the_server_goes_on()
    {
        await using var probe = ServerProbe.For(() => new Counter());
        await probe.CallAsync(new Increment(5));
        probe.FailNextSave(StoreUnavailableException.Overloaded("Too many wait."));
        var error = await Assert.ThrowsAsync<OverloadedException>(() => probe.CallAsync(new Increment(1)));
        Assert.Equal(CallOutcome.NotApplied, error.Outcome);
        Assert.Contains("Too many wait.", error.Message, StringComparison.Ordinal);
        Assert.Equal(7, await probe.CallAsync(new Increment(2)));
    }

    [Fact]
    public async Task A_server_that_stopped_with_very_many_others_lost_what_it_was_to_store_at_its_stop()
    {
        await using var probe = ServerProbe.For(() => new Counter(), configure: options => options.Save = SavePolicy.OnStop);
        await probe.CallAsync(new Increment(5));
        probe.FailNextSave(StoreUnavailableException.Overloaded("Too many wait."));
        var stopped = probe.StopAsync();
        await probe.SettleAsync();
        Assert.False(stopped.IsCompleted);
        probe.FailNextSave(StoreUnavailableException.Overloaded("Too many wait yet."));
        await probe.AdvanceAsync(TimeSpan.FromMilliseconds(50));
        Assert.False(stopped.IsCompleted);
        await probe.AdvanceAsync(TimeSpan.FromMilliseconds(100));
        Assert.True(await stopped.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(1006, await probe.CallAsync(new Increment(1)));
    }

    [Fact]
    public async Task A_store_without_room_for_half_a_minute_does_not_hold_up_a_stop_any_longer()
    {
        await using var probe = ServerProbe.For(() => new Counter());
        await probe.CallAsync(new Increment(5));
        probe.FailNextSave(StoreUnavailableException.Overloaded("Too many wait."));
        var stopped = probe.StopAsync();
        await probe.SettleAsync();
        for (var i = 0; i < 40; i++)
        {
            probe.FailNextSave(StoreUnavailableException.Overloaded("Too many wait."));
            await probe.AdvanceAsync(TimeSpan.FromSeconds(1));
        }

        // Whoever asked for it has long stopped waiting. What was stored before is there.
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => stopped);
        Assert.Throws<InvalidOperationException>(() => probe.State);
        Assert.Equal("{\"Count\":5}", System.Text.Encoding.UTF8.GetString((await probe.ReadStoredAsync())!.State!.Value.Span));
    }

    [Fact]
    public async Task A_save_that_never_reached_the_database_was_told_as_one_that_may_have_been_written()
    {
        await using var probe = ServerProbe.For(() => new Counter());
        await probe.CallAsync(new Increment(5));
        probe.FailNextSave(StoreUnavailableException.NotApplied("Connection refused."));
        var error = await Assert.ThrowsAsync<StoreUnavailableException>(() => probe.CallAsync(new Increment(1)));
        Assert.Equal(CallOutcome.NotApplied, error.Outcome);
        Assert.Contains("Connection refused.", error.Message, StringComparison.Ordinal);
        Assert.Equal(7, await probe.CallAsync(new Increment(2)));
    }

    [Fact]
    public async Task A_first_save_that_never_reached_the_database_was_taken_for_a_crash_of_the_server()
    {
        await using var probe = ServerProbe.For(() => new Counter());
        probe.FailNextSave(StoreUnavailableException.NotApplied("Connection refused."));
        var error = await Assert.ThrowsAsync<StoreUnavailableException>(() => probe.StartAsync(new CounterState(5)));
        Assert.Equal(CallOutcome.NotApplied, error.Outcome);
        Assert.Equal(1, await probe.CallAsync(new Increment(1)));
    }

    [Fact]
    public async Task A_last_save_that_never_reached_the_database_is_told_as_not_applied()
    {
        await using var probe = ServerProbe.For(() => new Counter());
        await probe.CallAsync(new Increment(5));
        probe.FailNextSave(StoreUnavailableException.NotApplied("Connection refused."));
        Assert.Equal(CallOutcome.NotApplied, (await Assert.ThrowsAsync<StoreUnavailableException>(() => probe.CallAsync(new StopWith("normal")))).Outcome);
        await probe.SettleAsync();
        Assert.Equal(6, await probe.CallAsync(new Increment(1)));
    }
}
