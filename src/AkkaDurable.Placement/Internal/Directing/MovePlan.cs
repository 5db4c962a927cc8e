namespace AkkaDurable.Placement.Internal.Directing;

/// <summary>What a round of planning came to.</summary>
internal sealed class MovePlan
{
    public List<ShardMove> Moves { get; } = [];

    public List<MoveAnswer> Answers { get; } = [];
}
