using Akka.Actor;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Runtime;
using AkkaDurable.Storage;
using AkkaDurable.TestKit;
using AkkaDurable.TestKit.Internal;
using Microsoft.Extensions.Time.Testing;

namespace AkkaDurable.Tests.Review;

/// <summary>Calls that run once, and the node's lease, where both meet the rest of a server's life.</summary>
public sealed class OnceAndFreshTests : IDisposable
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private readonly FakeTimeProvider _time = new();
    private readonly LateStore _store = new();
    private readonly TestLease _lease;
    private readonly DurableNode _node;

    public OnceAndFreshTests()
    {
        _lease = new TestLease(_time);
        _node = new DurableNode(_time, null, null, "akka://test", 1024) { Store = _store, Lease = _lease };
    }

    public void Dispose() => _node.Dispose();

    [Fact]
    public async Task A_call_whose_change_a_later_one_undid_ran_again_after_a_crash()
    {
        await using var probe = ServerProbe.For(new Counter());
        await probe.CallAsync(new Increment(1));
        var hold = probe.HoldSaves();
        var (one, two, three) = (new CallId(99, 1, 1), new CallId(99, 2, 1), new CallId(99, 3, 1));
        Task<ReplyEnvelope>[] replies =
        [
            probe.SendAsync(new Increment(1), one, isRepeat: false),
            probe.SendAsync(new Increment(5), two, isRepeat: false),
            probe.SendAsync(new Increment(-5), three, isRepeat: false),
        ];
        await probe.SettleAsync();
        hold.Dispose();
        await Task.WhenAll(replies);
        await probe.CrashAsync();
        await probe.SendAsync(new Increment(5), two, isRepeat: true);
        Assert.Equal(2, probe.State.Count);
    }

    [Fact]
    public async Task A_reply_that_JSON_chokes_on_took_the_server_down()
    {
        await using var probe = ServerProbe.For(new Waiters());
        Assert.Equal(0, (await probe.CallAsync(new Riddle())).Value);
        Assert.Equal(1, probe.State.Count);
    }

    [Fact]
    public void Callers_of_two_nodes_answered_by_one_handler_got_each_others_replies_when_they_asked_again()
    {
        var host = Host<Waiters>();
        host.Tell(Call(new Queue(1), new CallId(71, 1, 1)), _ => { }, "here");
        host.Tell(Call(new Queue(1), new CallId(72, 1, 1)), _ => { }, "there");
        host.Pump(new CastEnvelope("test", "key", new AnswerAll()));
        ReplyEnvelope? reply = null;
        host.Tell(Call(new Queue(1), new CallId(71, 1, 1)).Repeat(), answer => reply = answer, "here");
        Assert.Equal("1", System.Text.Encoding.UTF8.GetString(((EncodedPayload)reply!.Value!).Json.Span));
    }

    [Fact]
    public void A_repeat_that_is_answered_from_memory_put_the_idle_timer_off_for_ever()
    {
        var host = Host<Counter>();
        host.Tell(Call(new Increment(1), new CallId(71, 1, 1)), _ => { });
        host.Pump(new CastEnvelope("test", "key", new Idle(s_second)));
        host.Tell(Call(new Increment(1), new CallId(71, 1, 1)).Repeat(), _ => { });
        _time.Advance(s_second);
        host.Pump();
        Assert.Equal(new CounterState(101), host.Process.State);
    }

    [Fact]
    public void A_repeat_ran_on_a_server_that_remembers_no_calls()
    {
        var host = Host<Counter>(options => options.RememberedCalls = 0);
        host.Tell(Call(new Increment(1), new CallId(71, 1, 1)), _ => { });
        ReplyEnvelope? reply = null;
        host.Tell(Call(new Increment(1), new CallId(71, 1, 1)).Repeat(), answer => reply = answer);
        Assert.Equal(FailureKind.OutcomeUnknown, reply!.Failure?.Kind);
        Assert.Equal(new CounterState(1), host.Process.State);
    }

    [Fact]
    public void An_idle_time_out_was_handled_on_a_lost_lease()
    {
        var host = Host<Counter>();
        host.Pump(new CastEnvelope("test", "key", new Idle(s_second)));
        _lease.Lose();
        _time.Advance(s_second);
        host.Pump();
        Assert.Equal(new CounterState(0), host.Process.State);

        OnAnotherThread(_lease.Renew);
        host.Pump();
        Assert.Equal(new CounterState(100), host.Process.State);
    }

    [Fact]
    public async Task A_save_that_fell_due_while_a_claim_failed_was_forgotten()
    {
        var host = Host<Counter>(options => options.Save = SavePolicy.Every(s_second));
        host.Pump(new CastEnvelope("test", "key", new StartTimer("later", TimeSpan.FromHours(1))));
        host.Ask(Call(new Increment(1), new CallId(71, 1, 1)));
        _lease.Lose();
        ReplyEnvelope? refusal = null;
        host.Tell(Call(new GetCount(), new CallId(71, 2, 2)), answer => refusal = answer);
        _time.Advance(s_second);
        host.Pump();
        OnAnotherThread(_lease.Fail);
        host.Pump();
        Assert.Equal(FailureKind.StoreUnavailable, refusal?.Failure?.Kind);
        OnAnotherThread(_lease.Renew);
        host.Pump();
        _time.Advance(TimeSpan.FromMinutes(1));
        host.Pump();
        Assert.NotNull((await _store.ReadAsync(new ServerId("test", "key")))!.State);
    }

    [Fact]
    public void A_late_reply_left_with_the_final_save_of_a_server_whose_change_was_thrown_away()
    {
        From? from = null;
        var host = Host<Waiters>(factory: () => new Waiters { AtQueue = queued => from = queued });
        var (first, final) = (_store.AnswerLate(), _store.AnswerLate());
        ReplyEnvelope? reply = null;
        host.Tell(Call(new Increment(1), new CallId(71, 1, 1)), _ => { });
        host.Tell(Call(new Queue(5), new CallId(71, 2, 1)), answer => reply = answer);
        host.Pump(new CastEnvelope("test", "key", new Quit()));
        OnAnotherThread(() => first.SetResult(SaveOutcome.Saved));
        host.Pump();
        OnAnotherThread(() => from!.Value.Reply(6));
        host.Pump();
        OnAnotherThread(() => final.SetResult(SaveOutcome.Saved));
        host.Pump();
        Assert.NotNull(reply!.Failure);
    }

    [Fact]
    public async Task A_caller_whose_given_id_ran_before_was_told_that_it_did_not()
    {
        await using var probe = ServerProbe.For(new Counter());
        var id = new CallId(0, 0, 0, "order-17");
        await probe.SendAsync(new Increment(5), id, isRepeat: false);
        var hold = probe.HoldSaves();
        _ = probe.SendAsync(new Increment(1), new CallId(99, 1, 1), isRepeat: false);
        _ = probe.SendAsync(new Increment(1), new CallId(99, 2, 1), isRepeat: false);
        var again = probe.SendAsync(new Increment(5), id, isRepeat: false);
        _ = probe.SendAsync(new Explode(), new CallId(99, 3, 1), isRepeat: false);
        await probe.SettleAsync();
        hold.Dispose();
        Assert.Equal(CallOutcome.Unknown, (await again).Failure?.ToException("test", "key").Outcome);
    }

    [Fact]
    public void A_first_attempt_that_its_repeat_overtook_ran_though_its_caller_was_told_otherwise()
    {
        var host = Host<Fickle>();
        var (call, answers) = (Call(new Increment(1), new CallId(71, 1, 1)), new List<ReplyEnvelope>());
        host.Tell(call.Repeat(), answers.Add);
        Assert.Equal(-1, answers[0].Value);
        host.Tell(call, answers.Add);
        Assert.Equal(new CounterState(0), host.Process.State);
    }

    [Fact]
    public void An_unknown_message_whose_handler_had_sent_something_was_answered_with_null_the_next_time()
    {
        var host = Host<Puzzled>();
        ReplyEnvelope? reply = null;
        host.Tell(Call(new ReplyNull(), new CallId(71, 1, 1)), answer => reply = answer);
        Assert.Equal(FailureKind.UnknownMessage, reply!.Failure?.Kind);
        host.Tell(Call(new ReplyNull(), new CallId(71, 1, 1)).Repeat(), answer => reply = answer);
        Assert.NotNull(reply.Failure);
    }

    private PumpedHost Host<TServer>(Action<DurableServerOptions>? configure = null, Func<DurableServer>? factory = null)
        where TServer : DurableServer
    {
        var host = new PumpedHost(_node, typeof(TServer), configure, factory);
        _node.Add<TServer>(host.Process.ServerType);
        return host;
    }

    private static CallEnvelope Call(object request, CallId id) => new("test", "key", id.Sequence, request) { Id = id };

    // One without a synchronisation context, so that it runs what follows at once.
    private static void OnAnotherThread(ThreadStart action)
    {
        var thread = new Thread(action);
        thread.Start();
        thread.Join();
    }
}

/// <summary>Has nothing to give the first time it is asked.</summary>
public sealed class Fickle : DurableServer<CounterState>
{
    private int _asked;

    protected override CounterState InitialState => new(0);

    protected override ValueTask<CallResult> HandleCall(object request, From from, CounterState state) => ++_asked == 1
        ? Reply(-1, state)
        : Reply(state.Count + 1, new CounterState(state.Count + 1));
}

/// <summary>Says so to somebody before it gives up.</summary>
public sealed class Puzzled : DurableServer<CounterState>
{
    protected override CounterState InitialState => new(0);

    protected override ValueTask<CallResult> HandleCall(object request, From from, CounterState state)
    {
        Context.Tell(ActorRefs.Nobody, "What is this?");
        return Unhandled(request);
    }
}
