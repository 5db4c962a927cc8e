using System.Collections.Frozen;

namespace AkkaDurable.Placement.Internal.Reports;

/// <summary>Measures this node. Processor, memory and disk are smoothed over some ten seconds, so that one busy moment moves nothing; counts are exact. One caller at a time.</summary>
internal sealed class NodeSampler(PlacementSetup setup, IMachine machine)
{
    private static readonly TimeSpan s_smoothing = TimeSpan.FromSeconds(10);

    private double? _cpu;
    private double? _memory;
    private double? _disk;
    private long _at = setup.Time.GetTimestamp();
    private TimeSpan _processorTime = machine.ProcessorTime;

    public NodeReport Measure()
    {
        var now = setup.Time.GetTimestamp();
        var passed = setup.Time.GetElapsedTime(_at, now);
        var processorTime = machine.ProcessorTime;
        if (passed > TimeSpan.Zero)
        {
            var weight = 1 - Math.Exp(-passed / s_smoothing);
            _cpu = Smooth(_cpu, Math.Clamp(100 * (processorTime - _processorTime).TotalSeconds / passed.TotalSeconds / machine.Processors, 0, 100), weight);
            _memory = Smooth(_memory, machine.MemoryPercent, weight);
            _disk = Smooth(_disk, machine.DiskPercent, weight);
            _at = now;
            _processorTime = processorTime;
        }

        var servers = setup.CountServers?.Invoke();
        return new NodeReport
        {
            ServersByType = servers?.ToFrozenDictionary(StringComparer.Ordinal) ?? FrozenDictionary<string, int>.Empty,
            Servers = servers?.Values.Sum() ?? 0,
            CpuPercent = _cpu,
            MemoryPercent = _memory,
            DiskPercent = _disk,
            Limits = setup.Limits,
        };
    }

    private static double? Smooth(double? before, double? now, double weight) =>
        now is null ? null : before is null ? now : before + (now - before) * weight;
}
