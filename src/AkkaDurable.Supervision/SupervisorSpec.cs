using System.Collections.Immutable;

namespace AkkaDurable.Supervision;

/// <summary>A supervisor with its children in start order. Made by <see cref="Supervisor"/>; changed by <c>with</c>.</summary>
public sealed record SupervisorSpec : ChildSpec
{
    internal SupervisorSpec(string id, RestartStrategy strategy, IEnumerable<ChildSpec> children)
        : base(id)
    {
        ArgumentNullException.ThrowIfNull(children);
        Type = ChildType.Supervisor;
        Strategy = strategy;
        Children = [.. children];
    }

    /// <summary>Which children are restarted together.</summary>
    public RestartStrategy Strategy { get; init; }

    /// <summary>The children, in start order; they are stopped in reverse order. No two have the same id.</summary>
    public ImmutableArray<ChildSpec> Children { get; init; }

    /// <summary>How many restarts are too many.</summary>
    /// <value>Default 3 in 5 s.</value>
    public RestartIntensity Intensity { get; init; } = RestartIntensity.Default;

    /// <summary>Whether it ends when significant children have ended.</summary>
    /// <value>Default <see cref="Supervision.AutoShutdown.Never"/>.</value>
    public AutoShutdown AutoShutdown { get; init; } = AutoShutdown.Never;

    /// <summary>Set for a partition supervisor: the child that each partition runs a copy of.</summary>
    internal ChildSpec? Partition { get; init; }
}
