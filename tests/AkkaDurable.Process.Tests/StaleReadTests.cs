using AkkaDurable.TestSupport.Postgres;
using Xunit.Abstractions;

namespace AkkaDurable.Process.Tests;

/// <summary>What can be read from a node that stands still, loses its servers to the other one, and wakes up believing that they are its own.</summary>
public sealed class StaleReadTests(ITestOutputHelper output)
{
    private const int Keys = 60;
    private const int WarmUp = 50;
    private const int Victim = 2;
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_noticeable = TimeSpan.FromSeconds(1);

    [PostgresFact]
    public async Task A_node_that_wakes_up_after_its_servers_moved_lets_nobody_read_what_is_no_longer_so()
    {
        await using var cluster = await ProcessCluster.StartAsync(postgres: true, output, nodes: 2, readKeys: Keys);
        var load = new Load(Keys);
        load.Start(cluster.Client.Servers, cluster.Deadline);
        await cluster.UntilEveryKeyMovesAsync(load, by: WarmUp);
        cluster.BeginToRead();
        await cluster.UntilItReadsAsync(Victim, load);

        var node = cluster[Victim];
        var (process, member) = (node.Pid, cluster.Client.Incarnation(node.Port));
        load.MeasureGaps();
        cluster.Phase($"{node.Name} (process {process}) stands still");
        var pause = Task.Delay(s_pause, TimeProvider.System, cluster.Deadline);
        Signals.SendStop(process);
        await cluster.UntilEveryKeyMovesAsync(load);
        Assert.True(load.WorstGap > s_noticeable, $"Expected {node.Name} to have run some of the servers, found none that was missed. {load}");
        await pause;

        // The load goes on: whatever the node says from now on of servers that moved, it was overtaken long ago.
        node.ExpectEnd();
        var awake = TimeProvider.System.GetTimestamp();
        Signals.SendContinue(process);
        cluster.Phase($"{node.Name} wakes up");
        await cluster.UntilBackAsync(Victim, member);
        await cluster.UntilItReadsAsync(Victim, load);
        cluster.Phase($"{node.Name} serves again, {TimeProvider.System.GetElapsedTime(awake).TotalSeconds:0.0} s after it woke up");
        await cluster.UntilEveryKeyMovesAsync(load);
        await load.FinishAsync();

        var reads = cluster.Reads();
        var after = reads.Where(read => read.Process == process && read.Start > awake).ToList();
        cluster.Phase($"{reads.Count:N0} reads through the nodes; {after.Count:N0} by {node.Name} between waking up and its end: {Outcomes(after)}");
        await cluster.AssertNothingIsLostOrDoubledAsync(load);
        Assert.True(after.Count > 0, "Expected reads through the node that woke up, found none: the test shows nothing.");
        var stale = StaleRead.Find(reads, load.Keys);
        Assert.True(
            stale.Count == 0,
            $"Expected no read of what is no longer so, found {stale.Count:N0} of {reads.Count:N0}, {stale.Count(read => read.Read.Process == process && read.Read.Start > awake):N0} of them by {node.Name} after it woke up, "
            + $"the last one begun {Seconds(awake, stale.Select(read => read.Read.Start).DefaultIfEmpty(awake).Max()):0.0} s after; such as\n{string.Join('\n', stale.Take(10))}");
        cluster.Pass(load);
    }

    private static string Outcomes(IEnumerable<Read> reads) =>
        string.Join(", ", reads.CountBy(read => read.Failure ?? "answered").OrderBy(outcome => outcome.Key, StringComparer.Ordinal).Select(outcome => $"{outcome.Key} {outcome.Value:N0}"));

    private static double Seconds(long from, long to) => TimeProvider.System.GetElapsedTime(from, to).TotalSeconds;
}
