namespace AkkaDurable.Supervision;

/// <summary>How many children a supervisor has.</summary>
/// <param name="Specs">All of them, running or not.</param>
/// <param name="Active">Those that run. One that has a back-off counts when it stayed up.</param>
/// <param name="Supervisors">Those that are supervisors, running or not.</param>
/// <param name="Workers">Those that are workers, running or not.</param>
public readonly record struct ChildCounts(int Specs, int Active, int Supervisors, int Workers);
