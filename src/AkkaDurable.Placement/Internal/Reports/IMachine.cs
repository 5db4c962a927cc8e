namespace AkkaDurable.Placement.Internal.Reports;

/// <summary>What a process can learn about the machine or container that it runs in.</summary>
internal interface IMachine
{
    /// <summary>How many processors' worth of time the process may use.</summary>
    double Processors { get; }

    /// <summary>Processor time that the process has used.</summary>
    TimeSpan ProcessorTime { get; }

    /// <summary>Memory use in percent; null if it cannot be told.</summary>
    double? MemoryPercent { get; }

    /// <summary>Disk use in percent; null if it cannot be told.</summary>
    double? DiskPercent { get; }
}
