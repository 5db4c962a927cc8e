namespace AkkaDurable.Placement;

/// <summary>How the shards of one type are placed and moved. The same on every node. Read once, when the strategy is made.</summary>
public sealed class PlacementOptions
{
    /// <summary>Where a shard may go when its owner is lost.</summary>
    /// <value>Default: <see cref="PlacementPolicy.Anywhere"/>.</value>
    public PlacementPolicy Policy { get; set; } = PlacementPolicy.Anywhere;

    /// <summary>Keeps the places of shards.</summary>
    /// <value>Default: null, an <see cref="InMemoryPlacementHistory"/> of this process.</value>
    public IPlacementHistory? History { get; set; }

    /// <summary>How long a region has to be healthy (nodes up, none lost or unreachable) before shards that belong there move back.</summary>
    /// <value>Default: 60 s. Zero to a day.</value>
    public TimeSpan StabilisationTime { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long a shard that would leave its region for want of a node there waits for one that is up there and is just starting the type. Counted from when that node was seen up. Without it, whoever calls while a
    /// cluster is starting would have shards placed far away.
    /// </summary>
    /// <value>Default: 5 s. Zero (nobody waits) to a minute.</value>
    public TimeSpan ArrivalTime { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The cluster role of the nodes that run the type, as in <c>ClusterShardingSettings.Role</c>: nodes without it are not waited for.</summary>
    /// <value>Default: null, all nodes run it; for a type of AkkaDurable the role that the type itself was given.</value>
    public string? Role { get; set; }

    /// <summary>How many shards of the type are on the move at once, at most.</summary>
    /// <value>Default: 10. At least 1.</value>
    public int MaxMovesAtOnce { get; set; } = 10;

    /// <summary>How many moves of shards of the type begin within a minute, at most.</summary>
    /// <value>Default: 120. At least 1.</value>
    public int MaxMovesPerMinute { get; set; } = 120;

    /// <summary>Levelling begins when a node has more shards than this share above the mean of its region (and at least 3 more than the least loaded one), and ends at a quarter of it.</summary>
    /// <value>Default: 0.2. Above 0, at most 10.</value>
    public double LevelAbove { get; set; } = 0.2;

    /// <summary>The clock.</summary>
    /// <value>Default: the system's.</value>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    internal PlacementOptions Validated()
    {
        ArgumentNullException.ThrowIfNull(Policy);
        ArgumentNullException.ThrowIfNull(Time);
        if (StabilisationTime < TimeSpan.Zero || StabilisationTime > TimeSpan.FromDays(1))
        {
            throw new ArgumentOutOfRangeException(nameof(StabilisationTime), StabilisationTime, "PlacementOptions.StabilisationTime is zero to a day.");
        }

        if (ArrivalTime < TimeSpan.Zero || ArrivalTime > TimeSpan.FromMinutes(1))
        {
            throw new ArgumentOutOfRangeException(nameof(ArrivalTime), ArrivalTime, "PlacementOptions.ArrivalTime is zero to a minute.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(MaxMovesAtOnce, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxMovesPerMinute, 1);
        if (LevelAbove is not (> 0 and <= 10))
        {
            throw new ArgumentOutOfRangeException(nameof(LevelAbove), LevelAbove, "PlacementOptions.LevelAbove is above 0, at most 10.");
        }

        return (PlacementOptions)MemberwiseClone();
    }
}
