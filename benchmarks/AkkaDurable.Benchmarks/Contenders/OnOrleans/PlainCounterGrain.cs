namespace AkkaDurable.Benchmarks.Contenders.OnOrleans;

/// <summary>The counter in memory only.</summary>
internal sealed class PlainCounterGrain : Grain, IPlainCounterGrain
{
    private int _count;

    public ValueTask<int> Increment(int by) => new(_count += by);

    public ValueTask<int> Get() => new(_count);
}
