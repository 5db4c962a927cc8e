namespace AkkaDurable.Supervision.Internal.Specs;

/// <summary>Which specs are refused, and why. The first wrong field is told.</summary>
internal static class SpecRules
{
    /// <summary>Checks a spec with all below it.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="above">What its supervisor does when significant children end; never for a root.</param>
    /// <param name="parent">The path of its supervisor; empty for a root.</param>
    /// <returns>What is wrong, or null.</returns>
    public static InvalidChildSpecException? Problem(ChildSpec? spec, AutoShutdown above, string parent = "")
    {
        if (spec is null)
        {
            return new(parent.Length == 0 ? "the tree" : parent, "Children", "has a null among it");
        }

        var path = parent.Length == 0 ? spec.Id : $"{parent}/{spec.Id}";
        return (Own(spec, above) ?? Below(spec)) is { } wrong
            ? new(string.IsNullOrEmpty(spec.Id) ? $"{parent}/(no id)" : path, wrong.Field, wrong.Problem)
            : spec is SupervisorSpec { Children: var children, AutoShutdown: var auto }
                ? children.Select(child => Problem(child, auto, path)).FirstOrDefault(problem => problem is not null)
                : null;
    }

    private static (string Field, string Problem)? Own(ChildSpec spec, AutoShutdown above) => spec switch
    {
        _ when string.IsNullOrWhiteSpace(spec.Id) => (nameof(spec.Id), "must not be empty"),
        _ when !Enum.IsDefined(spec.Restart) => (nameof(spec.Restart), $"is {spec.Restart}, which is no restart type"),
        _ when !Enum.IsDefined(spec.Type) => (nameof(spec.Type), $"is {spec.Type}, which is no child type"),
        _ when spec.Shutdown.Time < TimeSpan.Zero => (nameof(spec.Shutdown), "must not have a time below zero"),
        { Significant: true } when above == AutoShutdown.Never => (nameof(spec.Significant), "needs a supervisor whose AutoShutdown is not Never"),
        { Significant: true, Restart: Restart.Permanent } => (nameof(spec.Significant), "does not go with Restart.Permanent: a child that is always restarted never ends for good"),
        { Backoff: { } backoff } => Backoff(backoff),
        _ => null,
    };

    private static (string Field, string Problem)? Backoff(RestartBackoff backoff) => backoff switch
    {
        _ when backoff.First <= TimeSpan.Zero => ("Backoff.First", "must be above zero"),
        _ when backoff.Longest < backoff.First => ("Backoff.Longest", "must not be below First"),
        _ when !(backoff.Factor >= 1) || double.IsInfinity(backoff.Factor) => ("Backoff.Factor", "must be 1 or more"),
        _ when !(backoff.Jitter is >= 0 and <= 1) => ("Backoff.Jitter", "must be from 0 to 1"),
        _ when backoff.StaysUp < TimeSpan.Zero => ("Backoff.StaysUp", "must not be below zero"),
        _ => null,
    };

    private static (string Field, string Problem)? Below(ChildSpec spec) => spec switch
    {
        SupervisorSpec supervisor => Static(supervisor),
        DynamicSupervisorSpec { MaxChildren: < 0 } => (nameof(DynamicSupervisorSpec.MaxChildren), "must not be below zero"),
        DynamicSupervisorSpec dynamic => Intensity(dynamic.Intensity),
        _ => null,
    };

    private static (string Field, string Problem)? Static(SupervisorSpec spec) => spec switch
    {
        _ when !Enum.IsDefined(spec.Strategy) => (nameof(spec.Strategy), $"is {spec.Strategy}, which is no strategy"),
        _ when !Enum.IsDefined(spec.AutoShutdown) => (nameof(spec.AutoShutdown), $"is {spec.AutoShutdown}, which is no kind of automatic shutdown"),
        _ when spec.Children.IsDefault => (nameof(spec.Children), "must not be left unset"),
        _ when Duplicate(spec) is { } id => (nameof(spec.Children), $"has two children with the id {id}"),
        { Partition: not null, AutoShutdown: not AutoShutdown.Never } => (nameof(spec.AutoShutdown), "must be Never for a partition supervisor"),
        _ => Intensity(spec.Intensity),
    };

    private static (string Field, string Problem)? Intensity(RestartIntensity intensity) => intensity switch
    {
        { Restarts: < 0 } => ("Intensity.Restarts", "must not be below zero"),
        _ when intensity.Period <= TimeSpan.Zero => ("Intensity.Period", "must be above zero"),
        _ => null,
    };

    private static string? Duplicate(SupervisorSpec spec)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        return spec.Children.FirstOrDefault(child => child?.Id is { } id && !ids.Add(id))?.Id;
    }
}
