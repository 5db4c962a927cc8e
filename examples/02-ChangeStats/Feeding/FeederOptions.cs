namespace ChangeStats.Feeding;

internal sealed record FeederOptions
{
    /// <summary>How many calls may be under way at once.</summary>
    public int InFlight { get; init; } = 256;

    /// <summary>How long to wait for an answer: longer than it takes the cluster to give up a lost node.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>A call without an answer for this long no longer counts as under way, so that files of a lost node do not hold up all others. There is at most one for each file.</summary>
    public TimeSpan StalledAfter { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The pause before a change is sent again.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long one change may stay without an acknowledgement before the run is given up.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromSeconds(60);
}
