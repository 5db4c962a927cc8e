namespace AkkaDurable.Placement.Internal.Control;

/// <summary>Which shards are held back, and which have their place now.</summary>
internal sealed record Holds(IReadOnlyList<PlacementHold> Held, IReadOnlyList<(string TypeName, string Shard)> Placed) : IPlacementMessage;
