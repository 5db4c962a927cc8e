namespace AkkaDurable.Benchmarks.Contenders;

/// <summary>Counters as one of the contenders makes them. They are numbered from 0; <see cref="CounterKeys"/> has the key of each.</summary>
internal interface IContender : IAsyncDisposable
{
    /// <summary>One word, for tables and for the lines that begin with "ratio".</summary>
    string Name { get; }

    /// <summary>Adds one and returns the new count. When it returns, the change is committed (but for contenders without a database).</summary>
    ValueTask<int> IncrementAsync(int counter);

    ValueTask<int> GetAsync(int counter);

    /// <summary>Processor time that a second process of its has used so far.</summary>
    TimeSpan HostCpu => TimeSpan.Zero;

    /// <summary>Begins what is in force only while it is this contender's turn; ended by disposing. Null: there is nothing.</summary>
    IDisposable? BeginTurn() => null;

    /// <summary>Ends the node and starts another one over what is stored.</summary>
    Task RestartAsync();
}
