using System.Collections.Frozen;

namespace AkkaDurable.Placement;

/// <summary>What a node takes at most. A node at a limit gets no further shards; what it has stays. Immutable and safe for concurrent use.</summary>
/// <remarks>The disk limit alone does not keep a shard from the nearest level of its policy: its files are there already.</remarks>
public sealed record CapacityLimits
{
    private static readonly FrozenDictionary<string, int> s_none = FrozenDictionary<string, int>.Empty;

    /// <summary>No limits.</summary>
    public static CapacityLimits None { get; } = new();

    /// <summary>How many servers the node runs at most, of all types.</summary>
    /// <value>Default: null, no limit. At least 0.</value>
    public int? MaxServers { get; init => field = value is null or >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "MaxServers is at least 0."); }

    /// <summary>How many servers of a type the node runs at most, by the type's name.</summary>
    /// <value>Default: empty, no limits. Each at least 0.</value>
    public IReadOnlyDictionary<string, int> MaxServersByType
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            foreach (var (type, max) in value)
            {
                if (max < 0 || string.IsNullOrEmpty(type))
                {
                    throw new ArgumentOutOfRangeException(nameof(value), max, $"MaxServersByType of '{type}' is at least 0, and the type has a name.");
                }
            }

            field = value.ToFrozenDictionary(StringComparer.Ordinal);
        }
    }

        = s_none;

    /// <summary>Processor use above which the node takes nothing more, in percent of what the process may use (the container's quota, else the machine).</summary>
    /// <value>Default: null, no limit. Above 0, at most 100.</value>
    public double? MaxCpuPercent { get; init => field = Percent(value); }

    /// <summary>Memory use above which the node takes nothing more, in percent of what the process may use (the container's limit, else the machine).</summary>
    /// <value>Default: null, no limit. Above 0, at most 100.</value>
    public double? MaxMemoryPercent { get; init => field = Percent(value); }

    /// <summary>Use of the disk above which the node takes nothing more, in percent.</summary>
    /// <value>Default: null, no limit. Above 0, at most 100.</value>
    public double? MaxDiskPercent { get; init => field = Percent(value); }

    /// <summary>Whether two limits are the same.</summary>
    /// <param name="other">The other ones.</param>
    /// <returns>True if they are.</returns>
    public bool Equals(CapacityLimits? other) =>
        other is not null && MaxServers == other.MaxServers && MaxCpuPercent == other.MaxCpuPercent && MaxMemoryPercent == other.MaxMemoryPercent && MaxDiskPercent == other.MaxDiskPercent
        && MaxServersByType.Count == other.MaxServersByType.Count && MaxServersByType.All(limit => other.MaxServersByType.TryGetValue(limit.Key, out var max) && max == limit.Value);

    /// <summary>A hash code that fits <see cref="Equals(CapacityLimits?)"/>.</summary>
    /// <returns>The hash code.</returns>
    public override int GetHashCode() => HashCode.Combine(MaxServers, MaxCpuPercent, MaxMemoryPercent, MaxDiskPercent, MaxServersByType.Count);

    private static double? Percent(double? value, [System.Runtime.CompilerServices.CallerMemberName] string name = "") =>
        value is null or (> 0 and <= 100) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"{name} is a percentage above 0, at most 100.");
}
