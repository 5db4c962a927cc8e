using AkkaDurable.Internal.Calls;
using AkkaDurable.TestKit;

namespace AkkaDurable.Tests.RunOnce;

/// <summary>The server: a call that comes again is answered with what it was answered the first time.</summary>
public sealed class RunOnceTests : IAsyncDisposable
{
    private readonly ServerProbe<CounterState> _probe = ServerProbe.For(new Counter());
    private long _sequence;

    public ValueTask DisposeAsync() => _probe.DisposeAsync();

    [Fact]
    public async Task A_repeated_call_gets_the_reply_of_its_first_run()
    {
        var id = NextId();
        Assert.Equal(5, Value(await _probe.SendAsync(new Increment(5), id, isRepeat: false)));
        await _probe.CallAsync(new Increment(10));
        Assert.Equal(5, Value(await _probe.SendAsync(new Increment(5), id, isRepeat: true)));
        Assert.Equal(15, _probe.State.Count);
    }

    [Fact]
    public async Task It_does_so_after_a_crash()
    {
        var id = NextId();
        await _probe.SendAsync(new Increment(5), id, isRepeat: false);
        await _probe.CrashAsync();
        Assert.Equal(5, Value(await _probe.SendAsync(new Increment(5), id, isRepeat: true)));
        Assert.Equal(5, _probe.State.Count);
    }

    [Fact]
    public async Task It_does_so_on_another_node()
    {
        var id = NextId();
        await _probe.SendAsync(new Increment(5), id, isRepeat: false);
        await using var other = _probe.OnAnotherNode();
        Assert.Equal(5, Value(await other.SendAsync(new Increment(5), id, isRepeat: true)));
        Assert.Equal(5, other.State.Count);
    }

    [Fact]
    public async Task It_does_so_after_a_stop_in_order()
    {
        var id = NextId();
        await _probe.SendAsync(new Increment(5), id, isRepeat: false);
        await _probe.StopAsync();
        Assert.Equal(5, Value(await _probe.SendAsync(new Increment(5), id, isRepeat: true)));
    }

    [Fact]
    public async Task A_repeat_that_overtook_its_first_attempt_keeps_that_from_running()
    {
        var id = NextId();
        Assert.Equal(5, Value(await _probe.SendAsync(new Increment(5), id, isRepeat: true)));
        Assert.Equal(5, Value(await _probe.SendAsync(new Increment(5), id, isRepeat: false)));
        Assert.Equal(5, _probe.State.Count);
    }

    [Fact]
    public async Task A_call_whose_save_failed_may_run_again()
    {
        await _probe.StartAsync();
        var id = NextId();
        _probe.FailNextSave();
        Assert.Equal(FailureKind.SaveFailed, (await _probe.SendAsync(new Increment(5), id, isRepeat: false)).Failure?.Kind);
        Assert.Equal(5, Value(await _probe.SendAsync(new Increment(5), id, isRepeat: true)));
    }

    [Fact]
    public async Task A_repeat_waits_for_the_save_like_the_first_reply()
    {
        await _probe.CallAsync(new Increment());
        var hold = _probe.HoldSaves();
        var id = NextId();
        var first = _probe.SendAsync(new Increment(5), id, isRepeat: false);
        var second = _probe.SendAsync(new Increment(5), id with { OpenFrom = id.OpenFrom }, isRepeat: true);
        await _probe.SettleAsync();
        Assert.False(first.IsCompleted);
        Assert.False(second.IsCompleted);
        hold.Dispose();
        Assert.Equal(6, Value(await first));
        Assert.Equal(6, Value(await second));
        Assert.Equal(6, _probe.State.Count);
    }

    [Fact]
    public async Task A_repeat_of_a_call_that_still_waits_is_dropped()
    {
        var until = new TaskCompletionSource();
        var id = NextId();
        var busy = _probe.CallAsync(new SlowIncrement(until.Task));
        var first = _probe.SendAsync(new Increment(5), id, isRepeat: false);
        var later = NextId();
        var second = _probe.SendAsync(new Increment(7), later, isRepeat: false);
        until.SetResult();
        Assert.Equal(1, await busy);
        Assert.Equal(6, Value(await first));
        Assert.Equal(13, Value(await second));
    }

    [Fact]
    public async Task A_failed_call_is_not_remembered_since_it_changed_nothing()
    {
        var id = NextId();
        Assert.Equal(FailureKind.HandlerFailed, (await _probe.SendAsync(new Explode(), id, isRepeat: false)).Failure?.Kind);
        Assert.Equal(FailureKind.HandlerFailed, (await _probe.SendAsync(new Explode(), id, isRepeat: true)).Failure?.Kind);
    }

    [Fact]
    public async Task Reads_are_not_remembered_and_cost_no_save()
    {
        await _probe.CallAsync(new Increment());
        var saves = _probe.Saves;
        var id = NextId();
        Assert.Equal(1, Value(await _probe.SendAsync(new GetCount(), id, isRepeat: false)));
        await _probe.CallAsync(new Increment());
        Assert.Equal(2, Value(await _probe.SendAsync(new GetCount(), id, isRepeat: true)));
        Assert.Equal(saves + 1, _probe.Saves);
    }

    [Fact]
    public async Task An_id_of_the_callers_own_makes_a_call_run_once_from_wherever_it_is_made()
    {
        var options = new CallOptions { Id = "order-17" };
        Assert.Equal(5, await _probe.CallAsync(new Increment(5), options));
        await _probe.CrashAsync();
        await using var other = _probe.OnAnotherNode();
        Assert.Equal(5, await other.CallAsync(new Increment(5), options));
        Assert.Equal(6, await other.CallAsync(new Increment(1), new CallOptions { Id = "order-18" }));
    }

    [Fact]
    public async Task A_late_reply_is_remembered_too()
    {
        var id = NextId();
        var first = _probe.SendAsync(new Later(1), id, isRepeat: false);
        await _probe.SettleAsync();

        // A repeat meanwhile is answered by the late reply to the first attempt: nothing runs twice.
        _ = _probe.SendAsync(new Later(1), id, isRepeat: true);
        await _probe.CastAsync(new AnswerLater(1, 42));
        Assert.Equal(42, Value(await first));
    }

    [Fact]
    public async Task What_a_call_sent_is_not_sent_again_by_its_repeat()
    {
        await using var probe = ServerProbe.For(new Relay()).Stub<Neighbour>((_, _) => 0);
        await probe.StartAsync();
        var id = NextId();
        await probe.SendAsync(new PassOn(3), id, isRepeat: false);
        await probe.SendAsync(new PassOn(3), id, isRepeat: true);
        Assert.Single(probe.Sent);
    }

    private static int Value(ReplyEnvelope reply)
    {
        Assert.Null(reply.Failure);
        return reply.Value is EncodedPayload encoded ? System.Text.Json.JsonSerializer.Deserialize<int>(encoded.Json.Span) : (int)reply.Value!;
    }

    private CallId NextId() => new(99, ++_sequence, 1);
}

public sealed record PassOn(int Value) : ICall<int>;

/// <summary>Changes nothing of its own, but sends.</summary>
public sealed class Relay : DurableServer<CounterState>
{
    protected override CounterState InitialState => new(0);

    protected override ValueTask<CallResult> HandleCall(object request, From from, CounterState state)
    {
        if (request is not PassOn pass)
        {
            return Unhandled(request);
        }

        Context.Servers<Neighbour>()["n"].Cast(new Poke(pass.Value));
        return Reply(pass.Value, state);
    }
}
