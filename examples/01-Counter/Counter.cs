using AkkaDurable;

namespace CounterExample;

#region define
public sealed record CounterState(int Count);
public sealed record Increment(int By = 1) : ICall<int>;
public sealed record GetCount : ICall<int>;
public sealed record Reset : ICast;

public sealed class Counter : DurableServer<CounterState>
{
    protected override CounterState InitialState => new(Count: 0);

    protected override ValueTask<CallResult> HandleCall(object request, From from, CounterState state) => request switch
    {
        Increment inc => Reply(state.Count + inc.By, state with { Count = state.Count + inc.By }),
        GetCount      => Reply(state.Count, state),
        _             => Unhandled(request),
    };

    protected override ValueTask<Next> HandleCast(object message, CounterState state) => message switch
    {
        Reset => NoReply(state with { Count = 0 }),
        _     => Unhandled(message),
    };
}
#endregion
