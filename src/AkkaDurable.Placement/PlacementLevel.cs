namespace AkkaDurable.Placement;

/// <summary>One level of a <see cref="PlacementPolicy"/>.</summary>
/// <param name="Locality">How near to its former place the shard stays on this level.</param>
/// <param name="Hold">How long after this level has opened the next one opens. <see cref="Timeout.InfiniteTimeSpan"/> only on the last level of a pinned policy.</param>
public sealed record PlacementLevel(Locality Locality, TimeSpan Hold);
