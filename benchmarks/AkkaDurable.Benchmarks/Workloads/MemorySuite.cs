using AkkaDurable.Benchmarks.Contenders;
using AkkaDurable.Benchmarks.Contenders.OnAkka;
using AkkaDurable.Benchmarks.Contenders.OnAkkaDurable;
using AkkaDurable.Benchmarks.Contenders.OnOrleans;
using AkkaDurable.Benchmarks.Contenders.OnProtoActor;
using AkkaDurable.Storage;

namespace AkkaDurable.Benchmarks.Workloads;

/// <summary>Calls within one process that touch no database: what the way to a server and back costs.</summary>
internal sealed class MemorySuite : ISuite
{
    private const int Counters = 10_000;

    private readonly LoadWorkload[] _loads = [.. LoadWorkload.Grid("memory", [1, Counters], [1, 64], writes: false, (1, 1), (1, 64), (Counters, 64))];

    public IEnumerable<(string Name, bool IsQuick)> Workloads => _loads.Select(load => (load.Name, load.IsQuick));

    public async Task RunAsync(BenchOptions options, Report report)
    {
        await using var arena = await Arena.StartAsync(
            "no database",
            Counters,
            [
                new Entry(DurableCounters.DefaultName, () => DurableCounters.StartAsync(Counters, () => new InMemoryStateStore())) { IsRival = false },
                new Entry(PlainCounters.DefaultName, () => PlainCounters.StartAsync(Counters, options.Rival)),
                new Entry(OrleansCounters.DefaultName, () => OrleansCounters.StartAsync(Counters, storage: null)),
                new Entry(ProtoCounters.DefaultName, () => ProtoCounters.StartAsync(Counters, storage: null)),
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
