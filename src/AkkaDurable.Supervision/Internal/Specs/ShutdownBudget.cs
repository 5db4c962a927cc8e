namespace AkkaDurable.Supervision.Internal.Specs;

/// <summary>How long a tree may take to stop: the times of its children, one after the other where they are stopped so.</summary>
internal static class ShutdownBudget
{
    /// <summary>The longest stop of what the spec describes, or null when some child is waited for without limit.</summary>
    public static TimeSpan? Of(ChildSpec spec, TimeSpan killGrace) => spec switch
    {
        { Shutdown.Time: { } time } => time + killGrace,
        SupervisorSpec supervisor => supervisor.Children.Aggregate((TimeSpan?)TimeSpan.Zero, (sum, child) => sum + Of(child, killGrace)),
        _ => null,
    };
}
