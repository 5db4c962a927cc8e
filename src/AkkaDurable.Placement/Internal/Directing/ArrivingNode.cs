namespace AkkaDurable.Placement.Internal.Directing;

/// <summary>A node that is in the cluster and that the coordinator has not heard of: its shard region is being started.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Location">Where it is.</param>
/// <param name="Until">How long it is worth waiting for.</param>
internal sealed record ArrivingNode(string Address, NodeLocation Location, DateTimeOffset Until);
