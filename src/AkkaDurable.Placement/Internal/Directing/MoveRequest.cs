namespace AkkaDurable.Placement.Internal.Directing;

/// <summary>An operator's wish to have a shard moved.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Target">The node, or null for the best other one.</param>
internal sealed record MoveRequest(string Shard, string? Target);
