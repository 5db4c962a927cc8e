namespace AkkaDurable.Benchmarks.Contenders.OnAkkaDurable;

/// <summary>A permanent server that crashes whenever it is called, and, if its key says so, whenever it starts.</summary>
internal sealed class Fragile : DurableServer<CounterState>
{
    public const string ServerType = "fragile";

    /// <summary>What the keys of those begin with that cannot even start.</summary>
    public const string Stillborn = "stillborn-";

    protected override CounterState InitialState => new(Count: 0);

    protected override ValueTask<InitResult> Init(CounterState state, ServerContext context) =>
        context.Key.StartsWith(Stillborn, StringComparison.Ordinal) ? throw new InvalidOperationException("It cannot start.") : Ok(state);

    protected override ValueTask<CallResult> HandleCall(object request, From from, CounterState state) => throw new InvalidOperationException("It crashes.");
}
