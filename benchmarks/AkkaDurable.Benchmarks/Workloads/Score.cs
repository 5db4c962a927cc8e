using AkkaDurable.Benchmarks.Load;

namespace AkkaDurable.Benchmarks.Workloads;

/// <summary>How one contender did.</summary>
/// <param name="Contender">Its name.</param>
/// <param name="Values">What was measured, once a round: calls a second, or bytes a server.</param>
internal sealed record Score(string Contender, IReadOnlyList<double> Values)
{
    public double Median => (Values[(Values.Count - 1) / 2] + Values[Values.Count / 2]) / 2;

    public double Lowest => Values[0];

    public double Highest => Values[^1];

    /// <summary>Of calls; null when none were timed.</summary>
    public CallCosts? Costs { get; private init; }

    public long Failures { get; private init; }

    public Exception? FirstFailure { get; private init; }

    public static Score Of(string contender, IReadOnlyCollection<double> values) => new(contender, [.. values.Order()]);

    public static Score Of(string contender, IReadOnlyCollection<Sample> rounds)
    {
        var latencies = new LatencyHistogram();
        foreach (var round in rounds)
        {
            latencies.Add(round.Latencies);
        }

        var calls = Math.Max(latencies.Count, 1);
        return Of(contender, [.. rounds.Select(round => round.CallsPerSecond)]) with
        {
            Costs = new CallCosts(
                latencies.Percentile(0.5), latencies.Percentile(0.99), rounds.Sum(round => round.Cpu.TotalMicroseconds) / calls, (double)rounds.Sum(round => round.Allocated) / calls),
            Failures = rounds.Sum(round => round.Failures),
            FirstFailure = rounds.Select(round => round.FirstFailure).FirstOrDefault(failure => failure is not null),
        };
    }
}
