using AkkaDurable.Internal.Groups.Replication;

namespace AkkaDurable.Internal.Groups.Wire;

/// <summary>A message for the members of a group on another node.</summary>
internal sealed record Dispatched(string Cluster, string Group, string Alias, ReadOnlyMemory<byte> Json) : IHubMessage;
