using ChangeStats.Cluster;
using ChangeStats.Feeding;

namespace ChangeStats.Demo;

/// <summary>One line that says how far the feed is.</summary>
internal sealed class ProgressLine(long total, FeedFigures figures, StatsClient client, int nodes, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private long _lastAt = time.GetTimestamp();
    private long _lastCount;

    /// <summary>The line for now; the speed is that since the line before.</summary>
    public string Next()
    {
        var count = figures.Acknowledged;
        var since = time.GetElapsedTime(_lastAt).TotalSeconds;
        var line = $"{time.GetElapsedTime(_start).TotalSeconds,5:0} s  sent {figures.Sent,9:N0}  acknowledged {count,9:N0} ({100.0 * count / total,3:0} %)  "
            + $"{(count - _lastCount) / since,7:N0} events/s  sent again {figures.Failed,6:N0}  nodes {client.ReachableNodes.Count}/{nodes}";
        _lastAt = time.GetTimestamp();
        _lastCount = count;
        return line;
    }
}
