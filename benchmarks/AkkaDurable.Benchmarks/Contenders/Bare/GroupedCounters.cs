namespace AkkaDurable.Benchmarks.Contenders.Bare;

/// <summary>No actors, no activations, no addresses: what the database itself can do when all that waits shares commits. Each writer has its own connection and its own counters.</summary>
internal sealed class GroupedCounters : IContender
{
    public const string GroupName = "bare-group";
    public const string RowName = "bare-row";

    private readonly GroupWriter[] _writers;

    private GroupedCounters(string name, GroupWriter[] writers)
    {
        Name = name;
        _writers = writers;
    }

    public string Name { get; }

    public static IContender Start(string name, int count, int groupSize, params IGroupSink[] sinks) =>
        new GroupedCounters(name, [.. sinks.Select(sink => new GroupWriter(sink, groupSize, count))]);

    public ValueTask<int> IncrementAsync(int counter) => WriterOf(counter).IncrementAsync(counter);

    public ValueTask<int> GetAsync(int counter) => WriterOf(counter).ReadAsync(counter);

    public Task RestartAsync() => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        foreach (var writer in _writers)
        {
            writer.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private GroupWriter WriterOf(int counter) => _writers[counter % _writers.Length];
}
