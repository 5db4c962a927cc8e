namespace AkkaDurable.Placement.Internal.Control;

/// <summary>The answer to <see cref="Explain"/>.</summary>
internal sealed record Explained(long Id, PlacementDecision Decision) : IPlacementMessage;
