namespace AkkaDurable.Supervision;

/// <summary>A supervisor whose children are started at run time, have no order and are stopped all at once. Made by <see cref="Supervisor.Dynamic"/>; changed by <c>with</c>.</summary>
public sealed record DynamicSupervisorSpec : ChildSpec
{
    internal DynamicSupervisorSpec(string id)
        : base(id) => Type = ChildType.Supervisor;

    /// <summary>The most children at a time, those that wait for their restart included; null: no limit.</summary>
    /// <value>Default null.</value>
    public int? MaxChildren { get; init; }

    /// <summary>How many restarts are too many.</summary>
    /// <value>Default 3 in 5 s.</value>
    public RestartIntensity Intensity { get; init; } = RestartIntensity.Default;

    /// <summary>Set for a simple supervisor: makes a child's spec of the argument it is started with.</summary>
    internal Func<object?, ChildSpec>? Template { get; init; }

    /// <summary>Whether its children are tasks.</summary>
    internal bool OfTasks { get; init; }
}
