using System.Globalization;
using AkkaDurable.Benchmarks.Contenders.OnAkka;
using AkkaDurable.Benchmarks.Contenders.OnAkkaDurable;
using AkkaDurable.Benchmarks.Contenders.OnOrleans;
using AkkaDurable.Benchmarks.Contenders.OnProtoActor;
using AkkaDurable.Benchmarks.Databases;
using AkkaDurable.Benchmarks.Processes;

namespace AkkaDurable.Benchmarks.Workloads;

/// <summary>Memory of live servers with nothing to do, each contender in a process of its own, their states in PostgreSQL.</summary>
internal sealed class IdleSuite(PostgresServer postgres) : ISuite
{
    private static readonly string[] Contenders = [DurableCounters.DefaultName, PersistentCounters.DefaultName, OrleansCounters.DefaultName, ProtoCounters.DefaultName];

    private readonly (string Name, int Count, bool IsQuick)[] _workloads = [("idle-10000", 10_000, true), ("idle-100000", 100_000, false)];

    public string? Unavailable => PostgresServer.Unavailable;

    public IEnumerable<(string Name, bool IsQuick)> Workloads => _workloads.Select(workload => (workload.Name, workload.IsQuick));

    public async Task RunAsync(BenchOptions options, Report report)
    {
        report.Begin("memory of idle servers; less is better");
        foreach (var (name, count, _) in _workloads.Where(workload => options.Wants(workload.Name, workload.IsQuick)))
        {
            // At the same time: none has to be fast.
            List<Task<(Score Managed, Score WorkingSet)>> running = [];
            foreach (var contender in Contenders.Where((contender, i) => i == 0 || options.WantsRival(contender)))
            {
                running.Add(MeasureAsync(contender, count, await postgres.CreateDatabaseAsync()));
            }

            var scores = await Task.WhenAll(running);
            report.Add(new Result($"{name}-managed", $"heap of {count:N0} live idle servers, each", "PostgreSQL", [.. scores.Select(score => score.Managed)]) { Unit = "bytes" });
            report.Add(new Result($"{name}-workingset", $"working set of {count:N0} live idle servers, each", "PostgreSQL", [.. scores.Select(score => score.WorkingSet)]) { Unit = "bytes" });
        }
    }

    private static async Task<(Score Managed, Score WorkingSet)> MeasureAsync(string contender, int count, string database)
    {
        await using var child = await ChildProcess.StartAsync(ChildRoles.Idle, contender, count.ToString(CultureInfo.InvariantCulture), database);
        double[] bytes = [.. child.Answer.Split('\t').Select(value => double.Parse(value, CultureInfo.InvariantCulture))];
        return (new Score(contender, [bytes[0]]), new Score(contender, [bytes[1]]));
    }
}
