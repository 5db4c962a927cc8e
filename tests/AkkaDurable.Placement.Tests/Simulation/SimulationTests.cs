using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace AkkaDurable.Placement.Tests.Simulation;

/// <summary>
/// AKKADURABLE_SIM_SEED runs one seed again. AKKADURABLE_SIM_SEEDS says how many seeds there are (1000 for the full proof), with 10,000 steps on 200 nodes each; under AKKADURABLE_SLOW there are 20 of that size.
/// </summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private static bool IsSlow => Environment.GetEnvironmentVariable("AKKADURABLE_SLOW") == "1";

    [Fact]
    public void All_invariants_hold_whatever_happens_to_the_cluster()
    {
        var one = Setting("AKKADURABLE_SIM_SEED");
        var many = Setting("AKKADURABLE_SIM_SEEDS");
        var full = one is not null || many is not null || IsSlow;
        var first = one ?? (full ? 1 : new Random().Next(1_000_000));
        var count = one is not null ? 1 : many ?? (IsSlow ? 20 : 4);
        var watch = Stopwatch.StartNew();
        for (var seed = first; seed < first + count; seed++)
        {
            Run(seed, nodes: full ? 200 : 60, shards: full ? 1000 : 400, steps: full ? 10_000 : 700);
        }

        output.WriteLine($"{count} seeds from {first} in {watch.Elapsed.TotalSeconds:0.0} s");
    }

    [Fact]
    public void All_invariants_hold_for_a_hundred_thousand_shards() => Run(IsSlow ? 7 : 3, nodes: 200, shards: 100_000, steps: IsSlow ? 2_000 : 20, settle: IsSlow);

    private static int? Setting(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : null;

    private void Run(int seed, int nodes, int shards, int steps, bool settle = true)
    {
        var simulation = new Simulation(seed, nodes, shards);
        try
        {
            simulation.Run(steps);
            if (settle)
            {
                simulation.Settle();
            }
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"Seed {seed} with {nodes} nodes, {shards} shards and {steps} steps broke at {simulation.Now:u}: {exception.Message}", exception);
        }

        output.WriteLine($"seed {seed}: {simulation.Decisions} decisions, {simulation.Moves} moves");
    }
}
