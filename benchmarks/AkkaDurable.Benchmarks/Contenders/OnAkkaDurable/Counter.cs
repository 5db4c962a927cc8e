namespace AkkaDurable.Benchmarks.Contenders.OnAkkaDurable;

/// <summary>The counter as one writes it with AkkaDurable.</summary>
internal sealed class Counter : DurableServer<CounterState>
{
    protected override CounterState InitialState => new(Count: 0);

    protected override ValueTask<CallResult> HandleCall(object request, From from, CounterState state) => request switch
    {
        Increment increment => Reply(state.Count + increment.By, state with { Count = state.Count + increment.By }),
        GetCount => Reply(state.Count, state),
        _ => Unhandled(request),
    };
}

internal sealed record CounterState(int Count);

internal sealed record Increment(int By) : ICall<int>;

internal sealed record GetCount : ICall<int>;
