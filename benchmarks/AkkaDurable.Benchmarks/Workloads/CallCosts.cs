namespace AkkaDurable.Benchmarks.Workloads;

/// <summary>What a call cost, over all rounds.</summary>
/// <param name="Median">The latency that half of the calls did not exceed.</param>
/// <param name="NinetyNinth">The latency that 99 % did not exceed.</param>
/// <param name="CpuMicroseconds">Processor time of this process and the contender's second one.</param>
/// <param name="Bytes">Bytes put on the heap.</param>
internal sealed record CallCosts(TimeSpan Median, TimeSpan NinetyNinth, double CpuMicroseconds, double Bytes);
