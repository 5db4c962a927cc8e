using System.Globalization;
using AkkaDurable.Benchmarks.Contenders;
using AkkaDurable.Benchmarks.Databases;
using AkkaDurable.Benchmarks.Load;

namespace AkkaDurable.Benchmarks.Processes;

/// <summary>What a live server that has nothing to do needs of memory, measured in a process that has nothing else.</summary>
internal static class IdleServers
{
    private const int Outstanding = 256;
    private const int WarmUp = 1_000;

    /// <summary>In the second process.</summary>
    /// <param name="arguments">A contender, how many servers, and the PostgreSQL database.</param>
    /// <returns>Managed bytes a server and bytes of the working set a server.</returns>
    public static async Task<string> MeasureAsync(string[] arguments)
    {
        var count = int.Parse(arguments[1], CultureInfo.InvariantCulture);
        await using IBenchDatabase database = await PostgresDatabase.OpenAsync(arguments[2]);
        var entry = database.Everyone(WarmUp + count, new BenchOptions()).Single(entry => entry.Name == arguments[0]);
        await using var contender = await entry.StartAsync();

        // All code and all shards that are needed are there before the first look.
        await StartAsync(..WarmUp);
        var before = Look();
        await StartAsync(WarmUp..(WarmUp + count));
        var after = Look();
        return string.Create(CultureInfo.InvariantCulture, $"{(after.Managed - before.Managed) / count}\t{(after.WorkingSet - before.WorkingSet) / count}");

        async Task StartAsync(Range counters)
        {
            var sample = await ClosedLoop.RunOnceEachAsync(contender.IncrementAsync, counters, Outstanding);
            if (sample.FirstFailure is { } failure)
            {
                throw new InvalidOperationException($"{arguments[0]} could not start all servers.", failure);
            }
        }
    }

    private static (double Managed, double WorkingSet) Look()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return (GC.GetTotalMemory(forceFullCollection: false), Environment.WorkingSet);
    }
}
