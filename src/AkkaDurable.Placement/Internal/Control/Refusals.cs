namespace AkkaDurable.Placement.Internal.Control;

/// <summary>Which shards are refused, and which are so no longer.</summary>
internal sealed record Refusals(IReadOnlyList<PlacementRefusal> Refused, IReadOnlyList<(string TypeName, string Shard)> Withdrawn) : IPlacementMessage;
