namespace AkkaDurable.Internal.Groups.Replication;

/// <summary>What became of the picture that a node has of one entry.</summary>
/// <param name="Kind">What.</param>
/// <param name="Entry">As it is now or, removed, was last.</param>
/// <param name="Node">Whose entry it is.</param>
/// <param name="Reason">Of a removal.</param>
/// <param name="Previous">Of an update: the metadata until then.</param>
internal readonly record struct Change(ChangeKind Kind, Entry Entry, NodeId Node, LifecycleReason Reason = default, IReadOnlyDictionary<string, string>? Previous = null);
