using AkkaDurable.Benchmarks.Counters;
using AkkaDurable.Benchmarks.Counters.HandWritten;
using AkkaDurable.Benchmarks.Load;
using AkkaDurable.Storage;

namespace AkkaDurable.Benchmarks.Scenarios;

/// <summary>Calls within one process that touch no database: what the way to a server and back costs.</summary>
internal static class MemoryBench
{
    private const string Description = "no database";
    private const int SetupOutstanding = 64;

    public static async Task RunAsync(BenchOptions options, Report report)
    {
        report.Begin(Description);
        string[] keys = [.. Enumerable.Range(0, options.Keys).Select(i => $"counter-{i:00000}")];
        await using var rival = await PlainCounters.StartAsync(options.Rival);
        await using var own = await DurableCounters.StartAsync(() => new InMemoryStateStore());
        foreach (var contender in (ICounters[])[rival, own])
        {
            await ClosedLoop.RunOnceEachAsync(contender.IncrementAsync, keys, SetupOutstanding);
        }

        foreach (var scenario in Scenario.InMemory.Where(scenario => options.WantsScenario(scenario.Name)))
        {
            var targets = scenario.Hot ? keys[..1] : keys;
            var versus = new Versus(Description, scenario.Title, rival, own);
            foreach (var contender in (ICounters[])[rival, own])
            {
                await LoadAsync(contender, options.WarmUp);
            }

            for (var round = 0; round < options.Rounds; round++)
            {
                await versus.RoundAsync(contender => LoadAsync(contender, options.Round));
            }

            report.Add(versus);

            Task<Sample> LoadAsync(ICounters contender, TimeSpan time) =>
                ClosedLoop.RunForAsync(key => scenario.Call(contender, key), targets, scenario.Outstanding, time);
        }
    }
}
