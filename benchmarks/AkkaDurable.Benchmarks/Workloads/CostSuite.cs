using AkkaDurable.Benchmarks.Contenders;
using AkkaDurable.Benchmarks.Contenders.OnAkkaDurable;
using AkkaDurable.Benchmarks.Databases;

namespace AkkaDurable.Benchmarks.Workloads;

/// <summary>What a feature costs: AkkaDurable with it against AkkaDurable without it. A ratio of 0.95 says that it takes 5 % of the throughput.</summary>
internal sealed class CostSuite(PostgresServer postgres) : ISuite
{
    private const int Counters = 10_000;
    private const int Outstanding = 64;

    public string? Unavailable => PostgresServer.Unavailable;

    public IEnumerable<(string Name, bool IsQuick)> Workloads => Feature.All.Select(feature => (NameOf(feature), false));

    public async Task RunAsync(BenchOptions options, Report report)
    {
        foreach (var feature in Feature.All.Where(feature => options.Wants(NameOf(feature), isQuick: false)))
        {
            await using var database = await PostgresDatabase.OpenAsync(await postgres.CreateDatabaseAsync());
            await using var arena = await Arena.StartAsync(
                database.Description, Counters, [Contender("with", DurableTuning.None, database), Contender("without", feature.Without, database)], _ => true, options, report);
            await arena.FillAsync();
            await arena.RunAsync(new LoadWorkload(NameOf(feature), $"increment, with and without {feature.Name}, {Counters:N0} counters, {Outstanding} outstanding", Counters, Outstanding, Writes: true, IsQuick: false));
            await arena.CheckAsync();
        }
    }

    private static string NameOf(Feature feature) => $"cost-{feature.Name}";

    private static Entry Contender(string name, DurableTuning tuning, PostgresDatabase database) =>
        new(name, () => DurableCounters.StartAsync(Counters, () => database.OpenStore(name + "_", tuning.Store), tuning, name)) { IsRival = false };
}
