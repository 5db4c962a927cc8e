namespace AkkaDurable.Placement;

/// <summary>That a pinned shard has no place at present, so that calls to its servers are to fail at once. Known on each node soon after it was decided.</summary>
/// <param name="TypeName">The type's name, as given to Akka.Cluster.Sharding.</param>
/// <param name="Shard">The shard.</param>
/// <param name="Reason">Why.</param>
/// <param name="Text">Why, in a sentence.</param>
/// <param name="RemainingHold">How long until a level with a node that would do opens; null if none is known.</param>
public sealed record PlacementRefusal(string TypeName, string Shard, PlacementReason Reason, string Text, TimeSpan? RemainingHold);
