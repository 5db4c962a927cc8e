namespace AkkaDurable.Placement;

/// <summary>A node as this one sees it.</summary>
/// <param name="Node">Its address.</param>
/// <param name="Location">Where it is.</param>
/// <param name="AppVersion">The version of the app that it runs.</param>
/// <param name="Status">The status of its cluster member, such as <c>Up</c>.</param>
/// <param name="IsReachable">Whether it is reachable.</param>
/// <param name="IsDraining">Whether it is to empty itself.</param>
/// <param name="IsCordoned">Whether it is to take nothing more.</param>
/// <param name="Report">Its last report; null if it has sent none, or none lately.</param>
/// <param name="ReportAge">How old that report is.</param>
public sealed record NodeInfo(
    string Node, NodeLocation Location, string AppVersion, string Status, bool IsReachable, bool IsDraining, bool IsCordoned, NodeReport? Report, TimeSpan? ReportAge);
