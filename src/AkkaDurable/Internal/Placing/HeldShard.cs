namespace AkkaDurable.Internal.Placing;

/// <summary>A shard that no node may run for now.</summary>
/// <param name="Shard">Its name.</param>
/// <param name="Reason">Why, as a sentence.</param>
/// <param name="OpensAfter">When more nodes may run it; null: time alone does not change it.</param>
internal readonly record struct HeldShard(string Shard, string Reason, TimeSpan? OpensAfter);
