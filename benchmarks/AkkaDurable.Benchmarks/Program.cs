using System.Diagnostics;
using System.Runtime.InteropServices;
using AkkaDurable.Benchmarks;
using AkkaDurable.Benchmarks.Databases;
using AkkaDurable.Benchmarks.Processes;
using AkkaDurable.Benchmarks.Workloads;

if (args is [ChildRoles.Verb, var role])
{
    await ChildRoles.RunAsync(role);
    return 0;
}

if (BenchOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine(BenchOptions.Usage);
    return 2;
}

// Ctrl+C as an orderly exit, so that the database server and the files go with us.
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
{
    context.Cancel = true;
    Environment.Exit(130);
});

await using var postgres = new PostgresServer();
ISuite[] suites =
[
    new MemorySuite(),
    new RemoteSuite(),
    new DurableSuite("sqlite", [(10_000, 64), (1, 64)], () => Task.FromResult<IBenchDatabase>(new SqliteFiles())),
    new DurableSuite("postgres", [(10_000, 64), (10_000, 512), (10_000, 1), (1, 64)], async () => await PostgresDatabase.OpenAsync(await postgres.CreateDatabaseAsync())) { Unavailable = PostgresServer.Unavailable },
    new IdleSuite(postgres),
    new DirectorySuite(postgres),
    new CrashLoopSuite(),
    new CostSuite(postgres),
    new TelemetrySuite(),
    new AdminSuite(),
    new SupervisionSuite(),
];

if (options.IsList)
{
    foreach (var (name, isQuick) in suites.SelectMany(suite => suite.Workloads))
    {
        Console.WriteLine($"{(isQuick ? '*' : ' ')} {name}");
    }

    return 0;
}

ISuite[] wanted = [.. suites.Where(suite => suite.Workloads.Any(workload => options.Wants(workload.Name, workload.IsQuick)))];
if (wanted.Length == 0)
{
    Console.Error.WriteLine("No workload has such a name; './build.sh bench list' prints them.");
    return 2;
}

var started = Stopwatch.GetTimestamp();
var report = new Report(Console.Out);
report.Say(Machine.Description);
report.Say(Machine.Versions);
foreach (var suite in wanted)
{
    if (suite.Unavailable is { } reason)
    {
        report.Say($"{suite.Workloads.First().Name} and its like skipped: {reason}");
    }
    else
    {
        await suite.RunAsync(options, report);
    }
}

if (options.IsComplete)
{
    report.Say($"\nwrote {Results.Write(report.Results, options, Stopwatch.GetElapsedTime(started))}");
}

report.Ratios();
return report.HasProblems ? 1 : 0;
