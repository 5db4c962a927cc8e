using System.Runtime.InteropServices;
using AkkaDurable.Benchmarks;
using AkkaDurable.Benchmarks.Databases;
using AkkaDurable.Benchmarks.Scenarios;
using AkkaDurable.TestSupport.Postgres;

if (BenchOptions.Parse(args) is not { } options || !options.WantsAnything)
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

var report = new Report(Console.Out);
report.Machine();

if (options.Wants(BenchOptions.Sqlite) && options.WantsDurable)
{
    await using var database = new SqliteFiles();
    await RunAsync(database);
}

if (options.Wants(BenchOptions.Postgres) && options.WantsDurable)
{
    if (PostgresBinaries.Unavailable is { } reason)
    {
        report.Say($"PostgreSQL skipped: {reason}");
    }
    else
    {
        await using var database = await PostgresServer.StartAsync();
        await RunAsync(database);
    }
}

if (options.Wants(BenchOptions.Memory) && options.WantsInMemory)
{
    await MemoryBench.RunAsync(options, report);
}

report.Summary();
return report.HasProblems ? 1 : 0;

async Task RunAsync(IBenchDatabase database)
{
    await using var bench = await DatabaseBench.StartAsync(options, database, report);
    await bench.RunAsync();
}
