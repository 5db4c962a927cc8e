using System.Collections.Frozen;

namespace AkkaDurable.Placement;

/// <summary>What a node measured about itself, smoothed. Immutable and safe for concurrent use.</summary>
public sealed record NodeReport
{
    /// <summary>How many servers it runs, by the type's name.</summary>
    public IReadOnlyDictionary<string, int> ServersByType { get; init; } = FrozenDictionary<string, int>.Empty;

    /// <summary>How many servers it runs.</summary>
    public int Servers { get; init; }

    /// <summary>Processor use in percent of what the process may use; null if it cannot be measured.</summary>
    public double? CpuPercent { get; init; }

    /// <summary>Memory use in percent of what the process may use; null if it cannot be measured.</summary>
    public double? MemoryPercent { get; init; }

    /// <summary>Use of the disk in percent; null if it cannot be measured.</summary>
    public double? DiskPercent { get; init; }

    /// <summary>What the node takes at most.</summary>
    public CapacityLimits Limits { get; init; } = CapacityLimits.None;
}
