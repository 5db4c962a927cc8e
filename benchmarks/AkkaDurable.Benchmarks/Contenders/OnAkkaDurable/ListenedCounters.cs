namespace AkkaDurable.Benchmarks.Contenders.OnAkkaDurable;

/// <summary>AkkaDurable while somebody listens to its telemetry. Whoever listens does so in the whole process, so only while it is this contender's turn.</summary>
internal sealed class ListenedCounters(IContender counters, Func<IDisposable> listen) : IContender
{
    public string Name => counters.Name;

    public ValueTask<int> IncrementAsync(int counter) => counters.IncrementAsync(counter);

    public ValueTask<int> GetAsync(int counter) => counters.GetAsync(counter);

    public IDisposable BeginTurn() => listen();

    public Task RestartAsync() => counters.RestartAsync();

    public ValueTask DisposeAsync() => counters.DisposeAsync();
}
