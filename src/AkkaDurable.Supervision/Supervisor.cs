using AkkaDurable.Supervision.Internal.Specs;

namespace AkkaDurable.Supervision;

/// <summary>Makes the specs of supervisors. A tree is a spec with others inside; <see cref="SupervisionTree.StartAsync"/> starts it.</summary>
public static class Supervisor
{
    /// <summary>A supervisor that restarts only the child that ended.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="children">Its children, in start order.</param>
    /// <returns>The spec.</returns>
    public static SupervisorSpec OneForOne(string id, IEnumerable<ChildSpec> children) => new(id, RestartStrategy.OneForOne, children);

    /// <summary>A supervisor that restarts all children when one has to be.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="children">Its children, in start order.</param>
    /// <returns>The spec.</returns>
    public static SupervisorSpec OneForAll(string id, IEnumerable<ChildSpec> children) => new(id, RestartStrategy.OneForAll, children);

    /// <summary>A supervisor that restarts a child together with those that were started after it.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="children">Its children, in start order: each may depend on those before it.</param>
    /// <returns>The spec.</returns>
    public static SupervisorSpec RestForOne(string id, IEnumerable<ChildSpec> children) => new(id, RestartStrategy.RestForOne, children);

    /// <summary>A supervisor whose children are started at run time, each from a spec of its own; see <see cref="SupervisionTree.Dynamic"/>.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>The spec.</returns>
    public static DynamicSupervisorSpec Dynamic(string id) => new(id);

    /// <summary>A dynamic supervisor whose children differ only by an argument. OTP's <c>simple_one_for_one</c>.</summary>
    /// <typeparam name="TArgument">What a child is started with, see <see cref="DynamicSupervisor.StartChildAsync(object, CancellationToken)"/>.</typeparam>
    /// <param name="id">Its id.</param>
    /// <param name="child">Makes the child's spec of the argument.</param>
    /// <returns>The spec.</returns>
    public static DynamicSupervisorSpec Simple<TArgument>(string id, Func<TArgument, ChildSpec> child)
    {
        ArgumentNullException.ThrowIfNull(child);
        return new(id) { Template = argument => child((TArgument)argument!) };
    }

    /// <summary>A dynamic supervisor of tasks, see <see cref="SupervisionTree.Tasks"/>.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>The spec.</returns>
    public static DynamicSupervisorSpec Tasks(string id) => new(id) { OfTasks = true };

    /// <summary>A supervisor of equal children among which work is divided by key, see <see cref="SupervisionTree.Partitions"/>. One for one unless changed.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="child">The child, often a <see cref="Dynamic"/> supervisor. The partitions' ids are 0, 1, 2 and so on.</param>
    /// <param name="partitions">How many; null: one a processor.</param>
    /// <param name="configure">Changes the child's spec for a partition, by its number.</param>
    /// <returns>The spec.</returns>
    public static SupervisorSpec Partitioned(string id, ChildSpec child, int? partitions = null, Func<ChildSpec, int, ChildSpec>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(child);
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions ?? 1, 1, nameof(partitions));
        var count = partitions ?? Environment.ProcessorCount;
        var children = Enumerable.Range(0, count).Select(number => (configure?.Invoke(child, number) ?? child) with { Id = PartitionId.Of(number) });
        return new(id, RestartStrategy.OneForOne, children) { Partition = child };
    }
}
