using AkkaDurable.Benchmarks.Contenders;
using AkkaDurable.Benchmarks.Contenders.OnAkkaDurable;
using AkkaDurable.Storage;

namespace AkkaDurable.Benchmarks.Workloads;

/// <summary>What it costs that somebody listens, on the cheapest call there is: a read in memory.</summary>
internal sealed class TelemetrySuite : ISuite
{
    private const int Counters = 10_000;
    private const int Outstanding = 64;

    private static readonly (string Name, Func<IDisposable> Listen)[] s_listeners = [("telemetry-metrics", Listening.ToMetrics), ("telemetry-traces", Listening.ToTraces)];

    public IEnumerable<(string Name, bool IsQuick)> Workloads => s_listeners.Select(listener => (listener.Name, false));

    public async Task RunAsync(BenchOptions options, Report report)
    {
        foreach (var (name, listen) in s_listeners.Where(listener => options.Wants(listener.Name, isQuick: false)))
        {
            await using var arena = await Arena.StartAsync(
                "no database",
                Counters,
                [
                    new Entry("with", async () => new ListenedCounters(await StartAsync("with"), listen)) { IsRival = false, ReadsBack = false },
                    new Entry("without", () => StartAsync("without")) { IsRival = false, ReadsBack = false },
                ],
                _ => true,
                options,
                report);
            await arena.FillAsync();
            await arena.RunAsync(new LoadWorkload(name, $"read, with and without a listener, {Counters:N0} counters, {Outstanding} outstanding", Counters, Outstanding, Writes: false, IsQuick: false));
            await arena.CheckAsync();
        }
    }

    private static Task<IContender> StartAsync(string name) => DurableCounters.StartAsync(Counters, () => new InMemoryStateStore(), name: name);
}
