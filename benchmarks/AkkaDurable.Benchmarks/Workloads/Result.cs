namespace AkkaDurable.Benchmarks.Workloads;

/// <summary>How the contenders did under one workload; the first one is ours.</summary>
internal sealed record Result(string Workload, string Title, string Database, IReadOnlyList<Score> Scores)
{
    /// <summary>What the scores count.</summary>
    public string Unit { get; init; } = "calls/s";

    public Score Own => Scores[0];

    public IEnumerable<Score> Rivals => Scores.Skip(1);

    /// <summary>The median of the rounds' ratios. Both were measured within seconds of each other in a round, so what slowed the machine down for a while is in both.</summary>
    public double Ratio(Score rival) => Score.MedianOf(Own.Values.Zip(rival.Values, (own, other) => own / other));
}
