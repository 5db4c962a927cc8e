namespace AkkaDurable.Tests.Review;

public sealed record Queue(int By) : ICall<int>;

public sealed record AnswerAll : ICast;

public sealed record Quit : ICast;

public sealed record Riddle : ICall<Answer>;

/// <summary>What a caller on the same node takes as it is.</summary>
public sealed record Answer(int Value)
{
    public int Detail => Value == 0 ? throw new KeyNotFoundException("There is no detail.") : Value;
}

/// <summary>Counts callers and answers them all at once, each with what the count was when it came.</summary>
public sealed class Waiters : DurableServer<CounterState>
{
    private readonly List<(From From, int Count)> _waiting = [];

    public Action<From>? AtQueue { get; init; }

    protected override CounterState InitialState => new(0);

    protected override ValueTask<CallResult> HandleCall(object request, From from, CounterState state)
    {
        switch (request)
        {
            case Increment inc:
                return Reply(state.Count + inc.By, new CounterState(state.Count + inc.By));
            case Queue queue:
                _waiting.Add((from, state.Count + queue.By));
                AtQueue?.Invoke(from);
                return NoReply(new CounterState(state.Count + queue.By));
            case Riddle:
                return Reply(new Answer(0), new CounterState(state.Count + 1));
            default:
                return Reply(state.Count, state);
        }
    }

    protected override ValueTask<Next> HandleCast(object message, CounterState state)
    {
        switch (message)
        {
            case AnswerAll:
                _waiting.ForEach(waiter => waiter.From.Reply(waiter.Count));
                return NoReply(state);
            case Quit:
                return Stop(StopReason.Error(new InvalidOperationException("enough")), state);
            default:
                return Unhandled(message);
        }
    }
}
