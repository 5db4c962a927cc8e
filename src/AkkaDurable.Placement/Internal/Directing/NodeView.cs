using Akka.Util;

namespace AkkaDurable.Placement.Internal.Directing;

/// <summary>A node as the director sees it. The counts change as decisions are made, so that the next decision knows of the one before.</summary>
internal sealed class NodeView(string address, NodeLocation location, AppVersion version)
{
    private NodeReport? _report;

    public string Address { get; } = address;

    public NodeLocation Location { get; } = location;

    public AppVersion Version { get; } = version;

    public NodeStatus Status { get; set; }

    public bool Draining { get; set; }

    public bool Cordoned { get; set; }

    /// <summary>The last report; null when there is none that is fresh.</summary>
    public NodeReport? Report
    {
        get => _report;
        set
        {
            _report = value;
            Busy = BusyOf(value);
        }
    }

    /// <summary>The shards of the type that run there.</summary>
    public IReadOnlyList<string> ShardIds { get; set; } = [];

    /// <summary>How many shards of the type it has or is about to get.</summary>
    public int Shards { get; set; }

    /// <summary>How many shards were decided for it since its report was measured.</summary>
    public int Unreported { get; set; }

    /// <summary>How near the node is to its nearest limit: 0 idle, 1 at it.</summary>
    public double Busy { get; private set; }

    /// <summary>May get shards.</summary>
    public bool Takes => Status == NodeStatus.Up && !Draining && !Cordoned;

    /// <summary>Gives its shards away by its own will, so that nobody waits for it.</summary>
    public bool Releases => Status == NodeStatus.Leaving || Draining || Cordoned;

    /// <summary>The weight that another shard would give it: its shards, weighed by how busy the node is. Counts change at once and measures late, so the counts have to be part of it.</summary>
    public double Load => (Shards + 1) * (1 + Busy);

    /// <summary>The limit that keeps the node from another shard; null if none does.</summary>
    public string? LimitReached(string typeName, double serversPerShard, bool disk)
    {
        if (_report is not { } report)
        {
            return null;
        }

        var limits = report.Limits;
        var coming = (Unreported + 1) * Math.Max(1, serversPerShard);
        if (report.Servers + coming > limits.MaxServers)
        {
            return nameof(limits.MaxServers);
        }

        if (limits.MaxServersByType.TryGetValue(typeName, out var max) && report.ServersByType.GetValueOrDefault(typeName) + coming > max)
        {
            return nameof(limits.MaxServersByType);
        }

        return report.CpuPercent >= limits.MaxCpuPercent ? nameof(limits.MaxCpuPercent)
            : report.MemoryPercent >= limits.MaxMemoryPercent ? nameof(limits.MaxMemoryPercent)
            : disk && report.DiskPercent >= limits.MaxDiskPercent ? nameof(limits.MaxDiskPercent)
            : null;
    }

    private static double BusyOf(NodeReport? report)
    {
        if (report is null)
        {
            return 0;
        }

        var busy = Math.Max((report.CpuPercent ?? 0) / (report.Limits.MaxCpuPercent ?? 100), (report.MemoryPercent ?? 0) / (report.Limits.MaxMemoryPercent ?? 100));
        if (report.Limits.MaxServers is > 0 and var max)
        {
            busy = Math.Max(busy, (double)report.Servers / max);
        }

        return Math.Clamp(busy, 0, 1.5);
    }
}
