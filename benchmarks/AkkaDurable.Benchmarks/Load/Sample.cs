namespace AkkaDurable.Benchmarks.Load;

/// <summary>What one round of load measured.</summary>
/// <param name="Calls">How many calls were answered.</param>
/// <param name="Failures">How many calls ended with an exception.</param>
/// <param name="FirstFailure">The first of those exceptions.</param>
/// <param name="Elapsed">From the first call to the last answer.</param>
/// <param name="Cpu">Processor time of this process and, where there is one, of the contender's second one, so without the database server's.</param>
/// <param name="Allocated">Bytes put on the heap.</param>
/// <param name="Latencies">How long each answered call took.</param>
internal sealed record Sample(long Calls, long Failures, Exception? FirstFailure, TimeSpan Elapsed, TimeSpan Cpu, long Allocated, LatencyHistogram Latencies)
{
    public double CallsPerSecond => Calls / Elapsed.TotalSeconds;
}
