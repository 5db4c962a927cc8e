using AkkaDurable.Benchmarks.Contenders;
using AkkaDurable.Benchmarks.Contenders.OnAkka;
using AkkaDurable.Benchmarks.Contenders.OnAkkaDurable;
using AkkaDurable.Benchmarks.Contenders.OnOrleans;

namespace AkkaDurable.Benchmarks.Workloads;

/// <summary>Calls from this process to servers in memory in another one.</summary>
internal sealed class RemoteSuite : ISuite
{
    private const int Counters = 1_000;

    private readonly LoadWorkload[] _loads = [.. LoadWorkload.Grid("remote", [Counters], [1, 64, 512], writes: false, (Counters, 1), (Counters, 64))];

    public IEnumerable<(string Name, bool IsQuick)> Workloads => _loads.Select(load => (load.Name, load.IsQuick));

    public async Task RunAsync(BenchOptions options, Report report)
    {
        await using var arena = await Arena.StartAsync(
            "two processes, no database",
            Counters,
            [
                new Entry(DurableCounters.DefaultName, () => RemoteDurable.StartAsync(Counters)) { IsRival = false },
                new Entry(PlainCounters.DefaultName, () => RemoteAkka.StartAsync(Counters, options.Rival)),
                new Entry(OrleansCounters.DefaultName, () => RemoteOrleans.StartAsync(Counters)),
                new Entry(RemoteOrleansSilo.SiloName, () => RemoteOrleansSilo.StartAsync(Counters)),
            ],
            _ => true,
            options,
            report);
        await arena.FillAsync();
        foreach (var load in _loads.Where(load => options.Wants(load.Name, load.IsQuick)))
        {
            await arena.RunAsync(load);
        }
    }
}
