using System.Diagnostics;

namespace AkkaDurable.Benchmarks.Load;

/// <summary>Load of a fixed number of callers, each of which makes its next call when the last one was answered.</summary>
internal static class ClosedLoop
{
    private const int Done = -1;

    /// <summary>Calls random counters among the first <paramref name="counters"/> for a while.</summary>
    public static async Task<Sample> RunForAsync(Func<int, ValueTask<int>> call, int counters, int outstanding, TimeSpan time)
    {
        using var ending = new CancellationTokenSource(time);
        return await MeasureAsync(call, outstanding, worker =>
        {
            // The same sequence for all contenders.
            var random = new Random(worker);
            return () => ending.IsCancellationRequested ? Done : random.Next(counters);
        });
    }

    /// <summary>Calls each of the counters once.</summary>
    public static Task<Sample> RunOnceEachAsync(Func<int, ValueTask<int>> call, Range counters, int outstanding)
    {
        var (next, end) = (counters.Start.Value - 1, counters.End.Value);
        return MeasureAsync(call, outstanding, _ => () =>
        {
            var index = Interlocked.Increment(ref next);
            return index < end ? index : Done;
        });
    }

    private static async Task<Sample> MeasureAsync(Func<int, ValueTask<int>> call, int outstanding, Func<int, Func<int>> countersOf)
    {
        // Made before the clocks start; and nobody pays for the garbage of whoever ran before.
        Worker[] workers = [.. Enumerable.Range(0, outstanding).Select(worker => new Worker(call, countersOf(worker)))];
        GC.Collect();
        GC.WaitForPendingFinalizers();

        var (cpu, allocated, started) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(), Stopwatch.GetTimestamp());
        await Task.WhenAll(workers.Select(worker => Task.Run(worker.RunAsync)));
        var elapsed = Stopwatch.GetElapsedTime(started);
        (cpu, allocated) = (Environment.CpuUsage.TotalTime - cpu, GC.GetTotalAllocatedBytes() - allocated);

        var latencies = new LatencyHistogram();
        foreach (var worker in workers)
        {
            latencies.Add(worker.Latencies);
        }

        var failures = workers.Sum(worker => worker.Failures);
        return new Sample(latencies.Count, failures, workers.Select(worker => worker.FirstFailure).FirstOrDefault(failure => failure is not null), elapsed, cpu, allocated, latencies);
    }

    private sealed class Worker(Func<int, ValueTask<int>> call, Func<int> nextCounter)
    {
        public LatencyHistogram Latencies { get; } = new();

        public long Failures { get; private set; }

        public Exception? FirstFailure { get; private set; }

        public async Task RunAsync()
        {
            while (nextCounter() is var counter && counter != Done)
            {
                var started = Stopwatch.GetTimestamp();
                try
                {
                    await call(counter).ConfigureAwait(false);
                    Latencies.Add(Stopwatch.GetElapsedTime(started));
                }
                catch (Exception exception)
                {
                    // Reported with the result; what the contender throws is not ours to know.
                    FirstFailure ??= exception;
                    Failures++;
                }
            }
        }
    }
}
