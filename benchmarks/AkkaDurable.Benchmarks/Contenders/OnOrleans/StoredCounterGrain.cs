using Orleans.Runtime;

namespace AkkaDurable.Benchmarks.Contenders.OnOrleans;

/// <summary>The counter as one writes it with Orleans: the state is written before the reply.</summary>
internal sealed class StoredCounterGrain([PersistentState("count", OrleansStorage.ProviderName)] IPersistentState<CountState> count) : Grain, IStoredCounterGrain
{
    public async ValueTask<int> Increment(int by)
    {
        count.State.Count += by;
        var reply = count.State.Count;
        await count.WriteStateAsync();
        return reply;
    }

    public ValueTask<int> Get() => new(count.State.Count);
}

[GenerateSerializer]
internal sealed class CountState
{
    [Id(0)]
    public int Count { get; set; }
}
