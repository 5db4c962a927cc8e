namespace AkkaDurable.Placement;

/// <summary>That a shard somebody asked for has no place at present. Known on each node soon after it was decided, and told again while somebody asks.</summary>
/// <param name="TypeName">The type's name, as given to Akka.Cluster.Sharding.</param>
/// <param name="Shard">The shard.</param>
/// <param name="Reason">Why.</param>
/// <param name="Text">Why, in a sentence.</param>
/// <param name="RemainingHold">How long until a level with a node that would do opens; null if none is known.</param>
/// <param name="IsPinned">Whether its policy is pinned, so that calls to its servers are to fail at once instead of waiting.</param>
public sealed record PlacementHold(string TypeName, string Shard, PlacementReason Reason, string Text, TimeSpan? RemainingHold, bool IsPinned);
