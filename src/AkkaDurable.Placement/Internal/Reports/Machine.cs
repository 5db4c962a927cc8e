namespace AkkaDurable.Placement.Internal.Reports;

/// <summary>This machine, or the container on it.</summary>
internal sealed class Machine(string? diskPath) : IMachine
{
    private readonly ControlGroup _group = new(ControlGroup.ReadFile);
    private readonly string _diskPath = diskPath ?? AppContext.BaseDirectory;

    public double Processors => Math.Min(_group.Processors() ?? double.MaxValue, Environment.ProcessorCount);

    public TimeSpan ProcessorTime => Environment.CpuUsage.TotalTime;

    public double? MemoryPercent
    {
        get
        {
            if (_group.MemoryPercent() is { } percent)
            {
                return percent;
            }

            var info = GC.GetGCMemoryInfo();
            return info.TotalAvailableMemoryBytes > 0 ? 100.0 * Environment.WorkingSet / info.TotalAvailableMemoryBytes : null;
        }
    }

    public double? DiskPercent
    {
        get
        {
            try
            {
                var drive = new DriveInfo(_diskPath);
                return drive.TotalSize > 0 ? 100.0 * (drive.TotalSize - drive.AvailableFreeSpace) / drive.TotalSize : null;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
            {
                return null;
            }
        }
    }
}
