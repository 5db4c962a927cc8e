namespace AkkaDurable.Journal.Tests.Hosting;

public sealed record CounterState(int Count);

public sealed record Increment(int By = 1) : ICall<int>;

public sealed record GetCount : ICall<int>;

public sealed class Counter : DurableServer<CounterState>
{
    protected override CounterState InitialState => new(0);

    protected override ValueTask<CallResult> HandleCall(object request, From from, CounterState state) => request switch
    {
        Increment increment => Reply(state.Count + increment.By, state with { Count = state.Count + increment.By }),
        GetCount => Reply(state.Count, state),
        _ => Unhandled(request),
    };
}
