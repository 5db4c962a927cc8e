namespace AkkaDurable.Benchmarks.Workloads;

/// <summary>Workloads that share their contenders.</summary>
internal interface ISuite
{
    /// <summary>The names of its workloads, and whether each is part of the quick set.</summary>
    IEnumerable<(string Name, bool IsQuick)> Workloads { get; }

    /// <summary>Why it cannot run here; null when it can.</summary>
    string? Unavailable => null;

    /// <summary>Runs those of its workloads that are wanted.</summary>
    Task RunAsync(BenchOptions options, Report report);
}
