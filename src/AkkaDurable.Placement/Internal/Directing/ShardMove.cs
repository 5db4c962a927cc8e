namespace AkkaDurable.Placement.Internal.Directing;

/// <summary>A move that is to begin.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="From">The node that has it.</param>
/// <param name="To">The node that is to get it.</param>
/// <param name="ByOperator">Whether an operator chose that node.</param>
/// <param name="Text">Why, in a sentence.</param>
internal sealed record ShardMove(string Shard, string From, string To, bool ByOperator, string Text);
