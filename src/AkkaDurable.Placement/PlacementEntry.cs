namespace AkkaDurable.Placement;

/// <summary>One place that a shard had.</summary>
/// <param name="Node">The node's address.</param>
/// <param name="Location">Where the node was.</param>
/// <param name="Since">When it was placed there.</param>
/// <param name="LostAt">When the node was found to be lost or to have given the shard away; null while it has it.</param>
/// <param name="Reason">Why it was placed there.</param>
public sealed record PlacementEntry(string Node, NodeLocation Location, DateTimeOffset Since, DateTimeOffset? LostAt, PlacementReason Reason);
