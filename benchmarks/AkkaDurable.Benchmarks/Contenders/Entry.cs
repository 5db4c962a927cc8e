using AkkaDurable.Benchmarks.Workloads;

namespace AkkaDurable.Benchmarks.Contenders;

/// <summary>A contender that may take part.</summary>
/// <param name="Name">Its <see cref="IContender.Name"/>.</param>
/// <param name="StartAsync">Starts it.</param>
internal sealed record Entry(string Name, Func<Task<IContender>> StartAsync)
{
    /// <summary>Whether the command line may leave it out.</summary>
    public bool IsRival { get; init; } = true;

    /// <summary>Which workloads it runs.</summary>
    public Func<LoadWorkload, bool> Runs { get; init; } = _ => true;

    /// <summary>Whether loading stored counters means something for it.</summary>
    public bool Activates { get; init; } = true;

    /// <summary>Whether it keeps its counters when it is restarted. One that does not has none that could be checked.</summary>
    public bool Keeps { get; init; } = true;

    /// <summary>Whether it can read all its counters back from the database in little time, so that the last check may look there instead of into memory.</summary>
    public bool ReadsBack { get; init; } = true;
}
