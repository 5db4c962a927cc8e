using AkkaDurable.Benchmarks.Load;

namespace AkkaDurable.Benchmarks.Workloads;

/// <summary>How one contender did.</summary>
/// <param name="Contender">Its name.</param>
/// <param name="Values">What was measured, round by round: calls a second, or bytes a server.</param>
internal sealed record Score(string Contender, IReadOnlyList<double> Values)
{
    public double Median => MedianOf(Values);

    public double Lowest => Values.Min();

    public double Highest => Values.Max();

    /// <summary>Of calls; null when none were timed.</summary>
    public CallCosts? Costs { get; private init; }

    public long Failures { get; private init; }

    public Exception? FirstFailure { get; private init; }

    public static Score Of(string contender, IReadOnlyCollection<Sample> rounds)
    {
        var latencies = new LatencyHistogram();
        foreach (var round in rounds)
        {
            latencies.Add(round.Latencies);
        }

        var calls = Math.Max(latencies.Count, 1);
        return new Score(contender, [.. rounds.Select(round => round.CallsPerSecond)])
        {
            Costs = new CallCosts(
                latencies.Percentile(0.5), latencies.Percentile(0.99), rounds.Sum(round => round.Cpu.TotalMicroseconds) / calls, (double)rounds.Sum(round => round.Allocated) / calls),
            Failures = rounds.Sum(round => round.Failures),
            FirstFailure = rounds.Select(round => round.FirstFailure).FirstOrDefault(failure => failure is not null),
        };
    }

    public static double MedianOf(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
