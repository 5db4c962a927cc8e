using AkkaDurable.Internal.Groups.Replication;

namespace AkkaDurable.Internal.Groups.Wire;

/// <summary>What a node asks another one to tell it.</summary>
/// <param name="From">Who asks.</param>
/// <param name="Version">Grows with each change.</param>
/// <param name="Part">Which part of it this is, from 0.</param>
/// <param name="Parts">How many there are.</param>
/// <param name="Interests">What this part asks for.</param>
internal sealed record Hello(NodeId From, long Version, int Part, int Parts, IReadOnlyList<Interest> Interests) : IHubMessage;
