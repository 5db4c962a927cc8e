namespace AkkaDurable.Benchmarks.Counters;

/// <summary>Counters with string keys, as one of the contenders makes them: each key is an entity of cluster sharding, in a cluster of one node.</summary>
internal interface ICounters : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Adds one and returns the new count. When it returns, the change is committed (but for contenders without a database).</summary>
    ValueTask<int> IncrementAsync(string key);

    ValueTask<int> GetAsync(string key);

    /// <summary>Ends the node and starts another one over what is stored.</summary>
    Task RestartAsync();
}
