namespace AkkaDurable.Internal.Groups.Replication;

/// <summary>One incarnation of a node.</summary>
internal readonly record struct NodeId(string Address, long Uid);
