using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Runtime;
using AkkaDurable.Storage;
using AkkaDurable.TestKit;
using AkkaDurable.Tests.Review;

namespace AkkaDurable.Tests.RunOnce;

/// <summary>A call was sent again just before its first attempt was answered: the repeat comes when its caller knows how it ended.</summary>
public sealed class LateRepeatTests : IAsyncDisposable
{
    private readonly ServerProbe<CounterState> _probe = ServerProbe.For(new Counter());
    private readonly ServerProbe<ShopState> _shop = ServerProbe.For(new Shop());
    private readonly DurableNode _node = new(TimeProvider.System, null, null, "akka://test", 1024) { Store = new InMemoryStateStore() };
    private long _sequence;

    public async ValueTask DisposeAsync()
    {
        _node.Dispose();
        await _probe.DisposeAsync();
        await _shop.DisposeAsync();
    }

    [Fact]
    public async Task A_call_that_the_handler_refused_by_throwing_ran_after_its_caller_was_told_so()
    {
        var id = NextId();
        Assert.Equal(FailureKind.HandlerFailed, (await SendAsync(new TakeOrThrow(), id)).Failure?.Kind);
        await _shop.CastAsync(new Deliver(1));
        Assert.Equal(FailureKind.HandlerFailed, (await RepeatAsync(new TakeOrThrow(), id)).Failure?.Kind);
        Assert.Equal(new ShopState(1, false), _shop.State);
    }

    [Fact]
    public async Task A_call_that_was_told_no_ran_after_its_caller_had_gone_away_with_that()
    {
        var id = NextId();
        Assert.Equal("false", Json(await SendAsync(new Take(), id)));
        await _shop.CastAsync(new Deliver(1));
        Assert.Equal("false", Json(await RepeatAsync(new Take(), id)));
        Assert.Equal(1, _shop.State.Stock);
    }

    [Fact]
    public async Task A_call_that_the_server_did_not_know_ran_after_its_caller_was_told_so()
    {
        var id = NextId();
        Assert.Equal(FailureKind.UnknownMessage, (await SendAsync(new TakeWhenOpen(), id)).Failure?.Kind);
        await _shop.CastAsync(new Open());
        Assert.Equal(FailureKind.UnknownMessage, (await RepeatAsync(new TakeWhenOpen(), id)).Failure?.Kind);
        Assert.Equal(0, _shop.State.Stock);
    }

    [Fact]
    public async Task A_call_whose_state_was_too_large_ran_when_there_was_room_again()
    {
        await using var probe = ServerProbe.For(new Shop(), configure: options => options.MaxStateSize = 60);
        await probe.StartAsync();
        var id = NextId();
        Assert.Equal(FailureKind.StateTooLarge, (await probe.SendAsync(new Name(new string('n', 60)), id, isRepeat: false, isRemote: true)).Failure?.Kind);
        Assert.Equal(FailureKind.StateTooLarge, (await probe.SendAsync(new Name("short"), id, isRepeat: true, isRemote: true)).Failure?.Kind);
        Assert.Equal("", probe.State.Name);
    }

    [Fact]
    public async Task A_first_attempt_that_came_after_its_repeat_had_failed_ran_all_the_same()
    {
        var id = NextId();
        Assert.Equal(FailureKind.HandlerFailed, (await RepeatAsync(new TakeOrThrow(), id)).Failure?.Kind);
        await _shop.CastAsync(new Deliver(1));
        Assert.Equal(FailureKind.HandlerFailed, (await SendAsync(new TakeOrThrow(), id)).Failure?.Kind);
        Assert.Equal(1, _shop.State.Stock);
    }

    [Fact]
    public async Task A_late_answer_that_changed_nothing_let_its_repeat_wait_anew()
    {
        var id = NextId();
        var first = _probe.SendAsync(new Later(1), id, isRepeat: false, isRemote: true);
        await _probe.SettleAsync();
        await _probe.CastAsync(new AnswerLater(1, 42));
        Assert.Equal("42", Json(await first));
        Assert.Equal("42", Json(await _probe.SendAsync(new Later(1), id, isRepeat: true, isRemote: true)));
    }

    [Fact]
    public async Task Also_when_the_server_had_left_memory_between()
    {
        var id = NextId();
        Assert.Equal("false", Json(await SendAsync(new Take(), id)));
        await _shop.CastAsync(new Deliver(1));
        await _shop.StopAsync();
        Assert.Equal("false", Json(await RepeatAsync(new Take(), id)));
        Assert.Contains("\"Stock\":1", System.Text.Encoding.UTF8.GetString((await _shop.ReadStoredAsync())!.State!.Value.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repeat_of_a_call_that_deleted_its_server_made_a_new_one()
    {
        var id = NextId();
        Assert.Equal("0", Json(await _probe.SendAsync(new StopWith("delete"), id, isRepeat: false, isRemote: true)));
        await _probe.SettleAsync();
        Assert.Equal("0", Json(await _probe.SendAsync(new StopWith("delete"), id, isRepeat: true, isRemote: true)));
        await _probe.SettleAsync();
        Assert.Null(await _probe.ReadStoredAsync());
    }

    [Fact]
    public async Task A_repeat_of_a_call_before_the_one_that_deleted_its_server_made_a_new_one()
    {
        var id = NextId();
        Assert.Equal("5", Json(await _probe.SendAsync(new Increment(5), id, isRepeat: false, isRemote: true)));
        await _probe.SendAsync(new StopWith("delete"), NextId(), isRepeat: false, isRemote: true);
        await _probe.SettleAsync();
        Assert.Equal("5", Json(await _probe.SendAsync(new Increment(5), id, isRepeat: true, isRemote: true)));
        await _probe.SettleAsync();
        Assert.Null(await _probe.ReadStoredAsync());
    }

    [Fact]
    public void A_repeat_from_the_own_node_ran_after_its_caller_was_told_no()
    {
        var replies = new List<ReplyEnvelope>();
        var host = new PumpedHost(_node, typeof(Shop));
        var call = new CallEnvelope("test", "key", 7, new Take()) { Id = NextId() };
        host.Tell(call, replies.Add);
        host.Pump(new CastEnvelope("test", "key", new Deliver(1)));
        host.Tell(call.Repeat(), replies.Add);
        Assert.Equal(1, ((ShopState)host.Process.State!).Stock);

        // It has had its answer.
        Assert.Equal(false, Assert.Single(replies).Value);
    }

    [Fact]
    public void A_first_attempt_from_the_own_node_ran_after_its_repeat_had_failed()
    {
        var replies = new List<ReplyEnvelope>();
        var host = new PumpedHost(_node, typeof(Shop));
        var call = new CallEnvelope("test", "key", 7, new TakeOrThrow()) { Id = NextId() };
        host.Tell(call.Repeat(), replies.Add);
        host.Pump(new CastEnvelope("test", "key", new Deliver(1)));
        host.Tell(call, replies.Add);
        Assert.Equal(1, ((ShopState)host.Process.State!).Stock);
        Assert.Equal(FailureKind.HandlerFailed, Assert.Single(replies).Failure?.Kind);
    }

    [Fact]
    public void What_a_lost_owner_was_asked_may_run_at_the_next_one()
    {
        var replies = new List<ReplyEnvelope>();
        var call = new CallEnvelope("test", "key", 7, new Take()) { Id = NextId() };

        // The owner answers for it when it finds that it is none any more.
        Assert.True(call.Repeat().TryAnswer());
        var host = new PumpedHost(_node, typeof(Shop));
        host.Pump(new CastEnvelope("test", "key", new Deliver(1)));
        host.Tell(call.Renew().Repeat(), replies.Add);
        Assert.Equal(true, Assert.Single(replies).Value);
        host.Tell(call, replies.Add);
        Assert.Equal(0, ((ShopState)host.Process.State!).Stock);
    }

    private static string Json(ReplyEnvelope reply)
    {
        Assert.Null(reply.Failure);
        return System.Text.Encoding.UTF8.GetString(((EncodedPayload)reply.Value!).Json.Span);
    }

    private Task<ReplyEnvelope> SendAsync(object request, CallId id) => _shop.SendAsync(request, id, isRepeat: false, isRemote: true);

    private Task<ReplyEnvelope> RepeatAsync(object request, CallId id) => _shop.SendAsync(request, id, isRepeat: true, isRemote: true);

    private CallId NextId() => new(99, ++_sequence, 1);
}
