using System.Globalization;

namespace AkkaDurable.Placement.Internal.Reports;

/// <summary>A container's limits as Linux tells them, in either version of its control groups; else the machine's memory.</summary>
/// <param name="read">Reads a file; null if there is none.</param>
internal sealed class ControlGroup(Func<string, string?> read)
{
    private const string V2 = "/sys/fs/cgroup";
    private const string V1Cpu = "/sys/fs/cgroup/cpu";
    private const string V1Memory = "/sys/fs/cgroup/memory";

    // Version 1 says "no limit" by a number that no machine has.
    private const double NoLimit = 1L << 60;

    public static string? ReadFile(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The processors that the container may use; null without a limit.</summary>
    public double? Processors()
    {
        if (read($"{V2}/cpu.max") is { } max)
        {
            var parts = max.Split(' ', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            return parts.Length == 2 && Number(parts[0]) is { } quota && Number(parts[1]) is > 0 and var period ? quota / period : null;
        }

        return Number(read($"{V1Cpu}/cpu.cfs_quota_us")) is > 0 and var quota1 && Number(read($"{V1Cpu}/cpu.cfs_period_us")) is > 0 and var period1 ? quota1 / period1 : null;
    }

    /// <summary>How much of its memory is used: the container's without what the kernel would give back at once, else the machine's.</summary>
    public double? MemoryPercent()
    {
        var total = MemInfo("MemTotal:");
        if (Limit($"{V2}/memory.max", total) is { } limit && Number(read($"{V2}/memory.current")) is { } used)
        {
            return Percent(used - (Stat($"{V2}/memory.stat", "inactive_file") ?? 0), limit);
        }

        if (Limit($"{V1Memory}/memory.limit_in_bytes", total) is { } limit1 && Number(read($"{V1Memory}/memory.usage_in_bytes")) is { } used1)
        {
            return Percent(used1 - (Stat($"{V1Memory}/memory.stat", "total_inactive_file") ?? 0), limit1);
        }

        return total is { } all && MemInfo("MemAvailable:") is { } available ? Percent(all - available, all) : null;
    }

    private static double Percent(double used, double of) => Math.Clamp(100 * used / of, 0, 100);

    private static double? Number(string? text) =>
        double.TryParse(text?.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    private double? Limit(string path, double? total) => Number(read(path)) is > 0 and < NoLimit and var limit && (total is null || limit < total) ? limit : null;

    private double? MemInfo(string name) => Line("/proc/meminfo", name) is { } line ? Number(line.Replace("kB", "", StringComparison.Ordinal)) * 1024 : null;

    private double? Stat(string path, string name) => Number(Line(path, name + " "));

    private string? Line(string path, string name) =>
        read(path)?.Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..];
}
