using AkkaDurable.Placement.Internal.Directing;

namespace AkkaDurable.Placement.Tests.Simulation;

internal sealed class SimNode
{
    public SimNode(NodeView view)
    {
        View = view;
        View.ShardIds = Shards;
    }

    public NodeView View { get; }

    public List<string> Shards { get; } = [];

    public DateTimeOffset? GoneAt { get; set; }

    public bool LeavesInOrder { get; set; }

    public DateTimeOffset NextReport { get; set; }

    public int Cpu { get; set; } = 20;

    public int Disk { get; set; } = 20;

    public void SetDraining(bool draining) => View.Draining = draining;

    public void SetCordoned(bool cordoned) => View.Cordoned = cordoned;

    public void Report(int maxServers)
    {
        // Shards that are on their way are servers that the report does not count yet.
        View.Unreported = Math.Max(0, View.Shards - Shards.Count);
        View.Report = new NodeReport
        {
            Servers = Shards.Count,
            CpuPercent = Cpu,
            DiskPercent = Disk,
            Limits = new CapacityLimits { MaxServers = maxServers, MaxCpuPercent = 90, MaxDiskPercent = 90 },
        };
    }

    public void Heal()
    {
        View.Status = NodeStatus.Up;
        View.Draining = View.Cordoned = false;
        GoneAt = null;
        Cpu = Disk = 20;
    }
}
