namespace AkkaDurable.Placement.Internal.Control;

/// <summary>A message between the nodes' placement actors; what the serializer is bound to.</summary>
internal interface IPlacementMessage;
