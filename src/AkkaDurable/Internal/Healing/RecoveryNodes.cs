namespace AkkaDurable.Internal.Healing;

/// <summary>The nodes that run servers of a type, as the cluster knows them.</summary>
/// <param name="Live">Those that may run what is under no lease.</param>
/// <param name="OutOfReach">Those that cannot be reached, but are not given up yet: their shards are still theirs, and who asks for a server of them waits in vain.</param>
internal sealed record RecoveryNodes(IReadOnlyCollection<string> Live, IReadOnlySet<string> OutOfReach);
