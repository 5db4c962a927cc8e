using Akka.Actor;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Runtime;
using AkkaDurable.Storage;

namespace AkkaDurable.Tests.Review;

/// <summary>Checks itself, as good messages do, with an exception of its own.</summary>
public sealed record Transfer : ICall<int>
{
    public Transfer(int amount) => Amount = amount > 0 ? amount : throw new InvalidOperationException("An amount is more than zero.");

    public int Amount { get; }
}

public sealed record Percent
{
    public Percent(int value) => Value = value is >= 0 and <= 100 ? value : throw new ArgumentOutOfRangeException(nameof(value));

    public int Value { get; }
}

public sealed class PercentServer : DurableServer<Percent>
{
    protected override Percent InitialState => new(0);

    protected override ValueTask<CallResult> HandleCall(object request, From from, Percent state) => Reply(state.Value, state);
}

public sealed class BadlyDisposed : DurableServer<CounterState>, IDisposable
{
    protected override CounterState InitialState => new(0);

    public void Dispose() => throw new InvalidOperationException("Nobody expects a Dispose that throws.");
}

/// <summary>Exceptions that get out of the process: in a cluster they restart its actor, whose waiting messages and stop message are lost.</summary>
public sealed class EscapeTests : IDisposable
{
    private readonly DurableNode _node = new(TimeProvider.System, null, null, "akka://test", 1024) { Store = new InMemoryStateStore() };

    public void Dispose() => _node.Dispose();

    [Fact]
    public void A_message_whose_constructor_throws_is_rejected_and_its_caller_told()
    {
        var host = new PumpedHost(_node, typeof(PercentServer));
        _node.Add<PercentServer>(host.Process.ServerType);
        var failure = host.Ask(new CallEnvelope("test", "key", 1, new EncodedPayload(typeof(Transfer).FullName!, """{"Amount":0}"""u8.ToArray()))).Failure;
        Assert.Equal(FailureKind.MessageRejected, failure?.Kind);
    }

    [Fact]
    public void A_given_state_whose_constructor_throws_is_rejected_and_its_caller_told()
    {
        var host = new PumpedHost(_node, typeof(PercentServer));
        var failure = host.Ask(new ControlEnvelope("test", "key", 1, ControlVerb.Start, new EncodedPayload("", """{"Value":101}"""u8.ToArray()))).Failure;
        Assert.Equal(FailureKind.MessageRejected, failure?.Kind);
    }

    [Fact]
    public void A_server_whose_Dispose_throws_stops_all_the_same()
    {
        var host = new PumpedHost(_node, typeof(BadlyDisposed));
        Assert.Null(host.Ask(new ControlEnvelope("test", "key", 1, ControlVerb.Start)).Failure);
        host.Pump(StopServer.Instance);
        Assert.True(host.IsStopped);
    }

    [Fact]
    public void A_save_under_way_is_waited_for_when_the_state_of_Terminate_cannot_be_stored()
    {
        var store = new LateStore();
        var late = store.AnswerLate();
        using var node = new DurableNode(TimeProvider.System, null, null, "akka://test", 1024) { Store = store };
        var host = new PumpedHost(node, typeof(GrowingBasket), o => o.MaxStateSize = 100);
        ReplyEnvelope? reply = null;
        node.Add<GrowingBasket>(host.Process.ServerType);
        host.Tell(new CallEnvelope("test", "key", 1, new State.AddItem("apple")), answer => reply = answer);
        host.Pump(StopServer.Instance);
        Assert.Null(reply);

        OnAnotherThread(() => late.SetResult(SaveOutcome.Saved));
        host.Pump();
        Assert.Null(reply!.Failure);
    }

    [Fact]
    public void A_failed_Init_waits_for_the_save_that_it_began()
    {
        var store = new LateStore();
        var late = store.AnswerLate();
        using var node = new DurableNode(TimeProvider.System, null, null, "akka://test", 1024) { Store = store };
        var init = new TaskCompletionSource<CounterState>();
        var host = new PumpedHost(node, typeof(Hooked), factory: () => new Hooked { AtInit = CallAndFail });
        using var other = new ServerType(node, "neighbour", typeof(Neighbour), new DurableServerOptions { PassivateAfter = Timeout.InfiniteTimeSpan });
        other.Gateway = new Gateway(other, ActorRefs.Nobody);
        node.Add<Neighbour>(other);
        ReplyEnvelope? reply = null;
        host.Tell(new ControlEnvelope("test", "key", 1, ControlVerb.Start, new CounterState(5)), answer => reply = answer);
        OnAnotherThread(() => init.SetException(new InvalidOperationException("The call timed out.")));
        host.Pump();
        OnAnotherThread(() => late.SetResult(SaveOutcome.Saved));
        host.Pump();
        Assert.Equal(FailureKind.InitFailed, reply?.Failure?.Kind);

        async ValueTask<CounterState> CallAndFail(ServerContext context, CounterState state)
        {
            _ = context.Servers<Neighbour>()["n"].CallAsync(new Ask(1)).AsTask();
            return await init.Task;
        }
    }

    [Fact]
    public void A_late_reply_that_meets_a_restart_leaves_nobody_without_an_answer()
    {
        From? from = null;
        using var node = new DurableNode(TimeProvider.System, null, null, "akka://test", 1024) { Store = new InMemoryStateStore() };
        var host = new PumpedHost(node, typeof(Hooked), factory: () => new Hooked { AtKeep = kept => from = kept });
        node.Add<Hooked>(host.Process.ServerType);
        ReplyEnvelope? reply = null;
        host.Tell(new CallEnvelope("test", "key", 1, new Keep(1)), answer => reply = answer);
        host.Post(new CallEnvelope("test", "key", 2, new Explode()));
        OnAnotherThread(() => from!.Value.Reply(1));
        host.Pump();
        Assert.NotNull(reply);
    }

    [Fact]
    public void A_late_reply_that_meets_the_end_of_a_stop_leaves_nobody_without_an_answer()
    {
        From? from = null;
        using var node = new DurableNode(TimeProvider.System, null, null, "akka://test", 1024) { Store = new InMemoryStateStore() };
        var host = new PumpedHost(node, typeof(Hooked), factory: () => new Hooked { AtKeep = kept => from = kept })
        {
            Before = message =>
            {
                if (message is AfterTerminateEnded)
                {
                    OnAnotherThread(() => from!.Value.Reply(1));
                }
            },
        };
        node.Add<Hooked>(host.Process.ServerType);
        ReplyEnvelope? reply = null;
        host.Tell(new CallEnvelope("test", "key", 1, new Keep(1)), answer => reply = answer);
        host.Pump(StopServer.Instance);
        Assert.True(host.IsStopped);
        Assert.NotNull(reply);
    }

    [Fact]
    public void A_refused_start_leaves_no_idle_actor_behind()
    {
        var host = new PumpedHost(_node, typeof(PercentServer));
        Assert.NotNull(host.Ask(new ControlEnvelope("test", "key", 1, ControlVerb.Start, new CounterState(1))).Failure);
        Assert.True(host.IsStopped);
    }

    // One without a synchronisation context, so that it runs what follows at once.
    private static void OnAnotherThread(ThreadStart action)
    {
        var thread = new Thread(action);
        thread.Start();
        thread.Join();
    }
}
