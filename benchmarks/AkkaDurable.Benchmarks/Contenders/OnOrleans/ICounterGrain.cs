namespace AkkaDurable.Benchmarks.Contenders.OnOrleans;

/// <summary>The counter as a grain.</summary>
internal interface ICounterGrain : IGrainWithStringKey
{
    ValueTask<int> Increment(int by);

    ValueTask<int> Get();
}

/// <summary>The one whose count is stored.</summary>
internal interface IStoredCounterGrain : ICounterGrain;

/// <summary>The one whose count dies with it.</summary>
internal interface IPlainCounterGrain : ICounterGrain;
