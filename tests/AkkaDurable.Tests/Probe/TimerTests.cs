using AkkaDurable.TestKit;

namespace AkkaDurable.Tests.Probe;

public sealed class TimerTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_timer_fires_once()
    {
        await using var counter = ServerProbe.For(new Counter());
        await counter.CastAsync(new StartTimer("t", s_second));
        await counter.AdvanceAsync(s_second * 0.9);
        Assert.Equal(0, counter.State.Count);
        await counter.AdvanceAsync(s_second * 0.1);
        Assert.Equal(1, counter.State.Count);
        await counter.AdvanceAsync(s_second * 10);
        Assert.Equal(1, counter.State.Count);
    }

    [Fact]
    public async Task A_periodic_timer_fires_until_it_is_cancelled()
    {
        await using var counter = ServerProbe.For(new Counter());
        await counter.CastAsync(new StartTimer("t", s_second, Periodic: true));
        for (var i = 0; i < 3; i++)
        {
            await counter.AdvanceAsync(s_second);
        }

        Assert.Equal(3, counter.State.Count);
        Assert.True(await counter.CallAsync(new CancelTimer("t")));
        Assert.False(await counter.CallAsync(new CancelTimer("t")));
        await counter.AdvanceAsync(s_second * 3);
        Assert.Equal(3, counter.State.Count);
    }

    [Fact]
    public async Task Ticks_that_a_busy_server_missed_do_not_pile_up()
    {
        await using var counter = ServerProbe.For(new Counter());
        await counter.CastAsync(new StartTimer("t", s_second, Periodic: true));
        var gate = new TaskCompletionSource();
        var slow = counter.CallAsync(new SlowIncrement(gate.Task));
        await counter.AdvanceAsync(s_second * 4);
        gate.SetResult();
        Assert.Equal(1, await slow);
        await counter.SettleAsync();
        Assert.Equal(2, counter.State.Count);
    }

    [Fact]
    public async Task A_timer_of_the_same_name_replaces_the_first()
    {
        await using var counter = ServerProbe.For(new Counter());
        await counter.CastAsync(new StartTimer("t", s_second));
        await counter.CastAsync(new StartTimer("t", s_second * 5));
        await counter.AdvanceAsync(s_second * 2);
        Assert.Equal(0, counter.State.Count);
        await counter.AdvanceAsync(s_second * 3);
        Assert.Equal(1, counter.State.Count);
    }

    [Fact]
    public async Task A_timer_that_fired_but_waits_is_not_delivered_once_cancelled()
    {
        await using var counter = ServerProbe.For(new Counter());
        await counter.CastAsync(new StartTimer("t", s_second));
        var gate = new TaskCompletionSource();
        var slow = counter.CallAsync(new SlowIncrement(gate.Task));
        var cancel = counter.CallAsync(new CancelTimer("t"));
        await counter.AdvanceAsync(s_second);
        gate.SetResult();
        await slow;
        Assert.True(await cancel);
        await counter.SettleAsync();
        Assert.Equal(1, counter.State.Count);
    }

    [Fact]
    public async Task Timers_end_with_a_restart()
    {
        await using var counter = ServerProbe.For(() => new Counter());
        await counter.CastAsync(new StartTimer("t", s_second));
        await Assert.ThrowsAsync<HandlerFailedException>(() => counter.CallAsync(new Explode()));
        await counter.AdvanceAsync(s_second * 2);
        Assert.Equal(0, await counter.CallAsync(new GetCount()));
    }

    [Fact]
    public async Task IdleAfter_brings_an_idle_timeout_when_no_message_comes()
    {
        await using var counter = ServerProbe.For(new Counter());
        await counter.CastAsync(new Idle(s_second));
        await counter.AdvanceAsync(s_second);
        Assert.Equal(100, counter.State.Count);
        await counter.AdvanceAsync(s_second * 5);
        Assert.Equal(100, counter.State.Count);
    }

    [Fact]
    public async Task IdleAfter_is_called_off_by_any_message()
    {
        await using var counter = ServerProbe.For(new Counter());
        await counter.CastAsync(new Idle(s_second));
        await counter.AdvanceAsync(s_second * 0.5);
        await counter.CallAsync(new Increment());
        await counter.AdvanceAsync(s_second * 5);
        Assert.Equal(1, counter.State.Count);
    }
}
