namespace AkkaDurable.Placement.Internal.Directing;

/// <summary>What the director is asked about one shard.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="AskedAt">When its place was asked for first, since it has none.</param>
internal readonly record struct ShardQuery(string Shard, DateTimeOffset AskedAt)
{
    /// <summary>The region that its name tells, if any.</summary>
    public string? HomeRegion { get; init; }

    /// <summary>Where the one is who asked, if known.</summary>
    public string? RequesterRegion { get; init; }

    public PlacementRecord? Record { get; init; }

    /// <summary>Its owner gave it away, so nobody waits for it: all levels of the policy are open.</summary>
    public bool Released { get; init; }

    /// <summary>The node that a move is to bring it to.</summary>
    public string? Target { get; init; }

    /// <summary>Whether an operator chose that node.</summary>
    public bool ByOperator { get; init; }

    /// <summary>The node that it is to leave.</summary>
    public string? Exclude { get; init; }
}
