namespace AkkaDurable.Tests.Review;

public sealed record Keep(int By) : ICall<int>;

public sealed record AnswerKept(int By) : ICast;

/// <summary>Waits, then calls or tells the neighbour what the state is that it began with, and says when it has done so.</summary>
public sealed record WaitThenCall(Task Until, TimeSpan? Timeout = null) : ICall<int>;

public sealed record WaitThenCast(Task Until, TaskCompletionSource Done) : ICast;

/// <summary>Leaves a task behind, which casts when it is told to.</summary>
public sealed record LeaveBehind(Task Until, Task CastWhen, TaskCompletionSource Done) : ICast;

public sealed record StartNeighbour : ICall<int>;

public sealed record StopNow : ICall<int>;

/// <summary>A counter whose turning points are given by the test.</summary>
public sealed class Hooked : DurableServer<CounterState>
{
    private From? _kept;

    public Func<ServerContext, CounterState, ValueTask<CounterState>>? AtInit { get; init; }

    public Action? AtContinue { get; init; }

    public Action? AtInfo { get; init; }

    public Action<From>? AtKeep { get; init; }

    public Func<ServerContext, CounterState, ValueTask>? AtTerminate { get; init; }

    public bool AnswersAfterTerminate { get; init; }

    protected override CounterState InitialState => new(0);

    protected override async ValueTask<InitResult> Init(CounterState state, ServerContext context)
    {
        if (AtInit is not null)
        {
            state = await AtInit(context, state);
        }

        return AtContinue is null ? Ok(state) : Ok(state).Continue("step");
    }

    protected override ValueTask<Next> HandleContinue(object step, CounterState state)
    {
        AtContinue!();
        return NoReply(state);
    }

    protected override ValueTask<Next> HandleInfo(object message, CounterState state)
    {
        AtInfo?.Invoke();
        return NoReply(state);
    }

    protected override async ValueTask<CallResult> HandleCall(object request, From from, CounterState state)
    {
        switch (request)
        {
            case Increment inc:
                return Reply(state.Count + inc.By, new CounterState(state.Count + inc.By));
            case Keep keep:
                _kept = from;
                AtKeep?.Invoke(from);
                return NoReply(new CounterState(state.Count + keep.By));
            case WaitThenCall wait:
                await wait.Until;
                return Reply(await Context.Servers<Neighbour>()["n"].CallAsync(new Ask(state.Count), wait.Timeout), state);
            case StartNeighbour:
                await Context.Servers<Neighbour>()["n"].EnsureStartedAsync();
                return Reply(1, state);
            case StopNow:
                return Stop(StopReason.Normal, 1, new CounterState(state.Count + 1));
            case Explode:
                throw new InvalidOperationException("boom");
            default:
                return Reply(state.Count, state);
        }
    }

    protected override async ValueTask<Next> HandleCast(object message, CounterState state)
    {
        switch (message)
        {
            case AnswerKept answer:
                _kept!.Value.Reply(answer.By);
                return NoReply(new CounterState(state.Count + answer.By));
            case WaitThenCast wait:
                await wait.Until;
                Context.Servers<Neighbour>()["n"].Cast(new Poke(state.Count));
                wait.Done.SetResult();
                return NoReply(state);
            case LeaveBehind leave:
                _ = CastLater(Context.Servers<Neighbour>()["n"], leave);
                await leave.Until;
                return NoReply(state);
            default:
                return Unhandled(message);
        }
    }

    private static async Task CastLater(ServerRef neighbour, LeaveBehind leave)
    {
        await leave.CastWhen;
        neighbour.Cast(new Poke(1));
        leave.Done.SetResult();
    }

    protected override async ValueTask<CounterState> Terminate(StopReason reason, CounterState state)
    {
        if (AtTerminate is not null)
        {
            await AtTerminate(Context, state);
        }

        return state;
    }

    protected override ValueTask AfterTerminate(StopReason reason, CounterState state)
    {
        if (AnswersAfterTerminate)
        {
            _kept!.Value.Reply(state.Count);
        }

        return ValueTask.CompletedTask;
    }
}
