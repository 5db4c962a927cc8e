namespace AkkaDurable.Placement.Internal.Control;

/// <summary>Asks the type's coordinator about a shard. Who has no coordinator of the type stays silent.</summary>
internal sealed record Explain(long Id, string TypeName, string Shard) : IPlacementMessage;
