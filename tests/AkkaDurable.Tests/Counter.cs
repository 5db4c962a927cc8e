namespace AkkaDurable.Tests;

public sealed record CounterState(int Count);

public sealed record Increment(int By = 1) : ICall<int>;

public sealed record GetCount : ICall<int>;

public sealed record Reset : ICast;

public sealed record Explode : ICall<int>;

public sealed record IncrementThenExplode(int By) : ICall<int>;

public sealed record ReplyText : ICall<int>;

public sealed record ReplyNull : ICall<string?>;

public sealed record NobodyKnowsMe : ICall<int>;

public sealed record StopWith(string Reason) : ICall<int>;

public sealed record SlowIncrement(Task Until) : ICall<int>;

public sealed record Later(int Slot) : ICall<int>;

public sealed record AnswerLater(int Slot, int Value) : ICast;

public sealed record WithContinue(int First, int Second) : ICall<int>;

public sealed record Idle(TimeSpan After) : ICast;

public sealed record StartTimer(string Name, TimeSpan Delay, bool Periodic = false) : ICast;

public sealed record CancelTimer(string Name) : ICall<bool>;

public sealed record Describe(string Name, string Value) : ICast;

public sealed record CallNeighbour(string Key) : ICall<int>;

public sealed record CastNeighbour(string Key, int By = 0, bool ThenExplode = false) : ICast;

public sealed record CallMyself : ICall<int>;

public sealed record ReturnDefault : ICall<int>;

public sealed record IncrementAndSave(int By = 1) : ICall<int>;

public sealed record AskAtTheEnd : ICast;

public sealed record TellActor(Akka.Actor.ICanTell Target, int By) : ICast;

public sealed record AskTwice(Task Between) : ICall<int>;

public sealed record Tick;

/// <summary>A server that can do everything a handler can do, on an immutable state.</summary>
public sealed class Counter : DurableServer<CounterState>
{
    private readonly Dictionary<int, From> _waiting = [];

    private bool _asksAtTheEnd;

    public List<string> Events { get; } = [];

    protected override CounterState InitialState => new(Count: 0);

    protected override async ValueTask<CallResult> HandleCall(object request, From from, CounterState state)
    {
        switch (request)
        {
            case Increment inc:
                return Reply(state.Count + inc.By, new CounterState(state.Count + inc.By));
            case IncrementAndSave inc:
                return Reply(state.Count + inc.By, new CounterState(state.Count + inc.By)).Save();
            case GetCount:
                return Reply(state.Count, state);
            case Explode:
                throw new InvalidOperationException("boom");
            case IncrementThenExplode inc:
                Context.Servers<Neighbour>()["n"].Cast(new Poke(inc.By));
                throw new InvalidOperationException("boom");
            case ReplyText:
                return Reply("text", new CounterState(999));
            case ReplyNull:
                return Reply(null, state);
            case StopWith stop:
                return Stop(ReasonOf(stop.Reason), state.Count, new CounterState(state.Count + 1));
            case SlowIncrement slow:
                await slow.Until;
                return Reply(state.Count + 1, new CounterState(state.Count + 1));
            case Later later:
                _waiting[later.Slot] = from;
                return NoReply(state);
            case WithContinue both:
                return Reply(state.Count + both.First, new CounterState(state.Count + both.First)).Continue(both.Second);
            case CancelTimer cancel:
                return Reply(Context.Timers.Cancel(cancel.Name), state);
            case CallNeighbour call:
                return Reply(await Context.Servers<Neighbour>()[call.Key].CallAsync(new Ask(state.Count)), state);
            case AskTwice twice:
                await twice.Between;
                return Reply(await Context.Servers<Neighbour>()["n"].CallAsync(new Ask(state.Count), Timeout.InfiniteTimeSpan), state);
            case CallMyself:
                return Reply(await Context.Servers<Counter>()[Context.Key].CallAsync(new GetCount()), state);
            case ReturnDefault:
                return default;
            default:
                return Unhandled(request);
        }
    }

    protected override ValueTask<Next> HandleCast(object message, CounterState state)
    {
        switch (message)
        {
            case Reset:
                return NoReply(new CounterState(0));
            case AnswerLater answer:
                _waiting[answer.Slot].Reply(answer.Value);
                return NoReply(new CounterState(state.Count + 1));
            case AskAtTheEnd:
                _asksAtTheEnd = true;
                return NoReply(state);
            case TellActor tell:
                Context.Tell(tell.Target, "count is " + (state.Count + tell.By));
                return NoReply(new CounterState(state.Count + tell.By));
            case Idle idle:
                return NoReply(state).IdleAfter(idle.After);
            case StartTimer { Periodic: true } timer:
                Context.Timers.StartPeriodic(timer.Name, timer.Delay, new Tick());
                return NoReply(state);
            case StartTimer timer:
                Context.Timers.StartOnce(timer.Name, timer.Delay, new Tick());
                return NoReply(state);
            case Describe describe:
                return NoReply(state).Meta(new Dictionary<string, string> { [describe.Name] = describe.Value });
            case CastNeighbour cast:
                Context.Servers<Neighbour>()[cast.Key].Cast(new Poke(state.Count + cast.By));
                return cast.ThenExplode ? throw new InvalidOperationException("boom") : NoReply(new CounterState(state.Count + cast.By));
            default:
                return Unhandled(message);
        }
    }

    protected override ValueTask<Next> HandleInfo(object message, CounterState state)
    {
        Events.Add(message.GetType().Name);
        return message switch
        {
            Tick => NoReply(new CounterState(state.Count + 1)),
            IdleTimeout => NoReply(new CounterState(state.Count + 100)),
            _ => Unhandled(message),
        };
    }

    protected override ValueTask<Next> HandleContinue(object step, CounterState state) => NoReply(new CounterState(state.Count + (int)step));

    protected override async ValueTask<CounterState> Terminate(StopReason reason, CounterState state)
    {
        Events.Add($"terminate {reason.Name}");
        if (_asksAtTheEnd)
        {
            Events.Add($"neighbour says {await Context.Servers<Neighbour>()["n"].CallAsync(new Ask(state.Count), Timeout.InfiniteTimeSpan)}");
        }

        return new CounterState(state.Count + 1000);
    }

    protected override ValueTask AfterTerminate(StopReason reason, CounterState state)
    {
        Events.Add($"after {reason.Name} {state.Count}");
        return ValueTask.CompletedTask;
    }

    private static StopReason ReasonOf(string name) => name switch
    {
        "normal" => StopReason.Normal,
        "shutdown" => StopReason.Shutdown,
        "permanent" => StopReason.Permanent,
        "delete" => StopReason.Delete,
        _ => StopReason.Error(new InvalidOperationException(name)),
    };
}

public sealed record Ask(int Value) : ICall<int>;

public sealed record Poke(int Value) : ICast;

/// <summary>Stands beside the counter; probes replace it by a stub.</summary>
public sealed class Neighbour : DurableServer<CounterState>
{
    protected override CounterState InitialState => new(0);

    protected override ValueTask<CallResult> HandleCall(object request, From from, CounterState state) => request switch
    {
        Ask ask => Reply(ask.Value * 2, state),
        GetCount => Reply(state.Count, state),
        _ => Unhandled(request),
    };

    protected override ValueTask<Next> HandleCast(object message, CounterState state) => message switch
    {
        Poke poke => NoReply(new CounterState(state.Count + poke.Value)),
        _ => Unhandled(message),
    };
}
