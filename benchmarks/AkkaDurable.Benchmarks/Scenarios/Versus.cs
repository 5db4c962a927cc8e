using AkkaDurable.Benchmarks.Counters;
using AkkaDurable.Benchmarks.Load;

namespace AkkaDurable.Benchmarks.Scenarios;

/// <summary>The rounds of two contenders under the same load. They take turns, so that whatever else the machine does hits both.</summary>
internal sealed class Versus(string database, string title, ICounters rival, ICounters own)
{
    private readonly List<Sample> _rivals = [];
    private readonly List<Sample> _owns = [];

    public string Database => database;

    public string Title => title;

    public Contender Rival => new(rival.Name, _rivals);

    public Contender Own => new(own.Name, _owns);

    /// <summary>How many times as many calls a second ours answers; of the medians.</summary>
    public double Ratio => Own.MedianRate / Rival.MedianRate;

    /// <summary>Has both run the same, the rival first.</summary>
    public async Task RoundAsync(Func<ICounters, Task<Sample>> run)
    {
        _rivals.Add(await run(rival));
        _owns.Add(await run(own));
    }

    internal sealed class Contender(string name, List<Sample> rounds)
    {
        private readonly LatencyHistogram _latencies = Merge(rounds);

        public string Name => name;

        public double MedianRate => Rates[(Rates.Count - 1) / 2] / 2 + Rates[Rates.Count / 2] / 2;

        public double LowestRate => Rates[0];

        public double HighestRate => Rates[^1];

        public TimeSpan Median => _latencies.Percentile(0.5);

        public TimeSpan NinetyNinth => _latencies.Percentile(0.99);

        public double CpuMicrosecondsPerCall => rounds.Sum(round => round.Cpu.TotalMicroseconds) / Calls;

        public double BytesPerCall => (double)rounds.Sum(round => round.Allocated) / Calls;

        public long Failures => rounds.Sum(round => round.Failures);

        public Exception? FirstFailure => rounds.Select(round => round.FirstFailure).FirstOrDefault(failure => failure is not null);

        private long Calls => Math.Max(rounds.Sum(round => round.Calls), 1);

        private List<double> Rates { get; } = [.. rounds.Select(round => round.CallsPerSecond).Order()];

        private static LatencyHistogram Merge(List<Sample> rounds)
        {
            var all = new LatencyHistogram();
            foreach (var round in rounds)
            {
                all.Add(round.Latencies);
            }

            return all;
        }
    }
}
