using AkkaDurable.Benchmarks.Databases;

namespace AkkaDurable.Benchmarks.Workloads;

/// <summary>Increments that are answered when they are committed, and first calls to stored counters.</summary>
/// <param name="name">The database's name.</param>
/// <param name="quick">Which loads are part of the quick set.</param>
/// <param name="openAsync">Makes the database.</param>
internal sealed class DurableSuite(string name, (int Counters, int Outstanding)[] quick, Func<Task<IBenchDatabase>> openAsync) : ISuite
{
    private const int Counters = 10_000;

    private readonly LoadWorkload[] _loads = [.. LoadWorkload.Grid(name, [1, 1_000, Counters], [1, 64, 512], writes: true, quick)];

    public string? Unavailable { get; init; }

    public IEnumerable<(string Name, bool IsQuick)> Workloads => [(Activation, true), .. _loads.Select(load => (load.Name, load.IsQuick))];

    private string Activation => $"{name}-activation";

    public async Task RunAsync(BenchOptions options, Report report)
    {
        LoadWorkload[] wanted = [.. _loads.Where(load => options.Wants(load.Name, load.IsQuick))];
        var activates = options.Wants(Activation, isQuick: true);
        await using var database = await openAsync();
        await using var arena = await Arena.StartAsync(
            database.Description, Counters, database.Everyone(Counters, options), entry => (activates && entry.Activates) || wanted.Any(entry.Runs), options, report);
        await arena.FillAsync();
        if (activates)
        {
            await arena.ActivateAsync(Activation);
        }

        foreach (var load in wanted)
        {
            await arena.RunAsync(load);
        }

        await arena.CheckAsync();
    }
}
