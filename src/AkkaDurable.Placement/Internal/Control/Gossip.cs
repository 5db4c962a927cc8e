namespace AkkaDurable.Placement.Internal.Control;

/// <summary>What a node tells the others.</summary>
/// <param name="Node">Its address.</param>
/// <param name="Uid">Its incarnation.</param>
/// <param name="Report">What it measured; null when only the facts are news.</param>
/// <param name="Entries">Facts.</param>
internal sealed record Gossip(string Node, int Uid, NodeReport? Report, IReadOnlyList<StateEntry> Entries) : IPlacementMessage;
