using AkkaDurable.TestSupport.Postgres;
using Xunit.Abstractions;

namespace AkkaDurable.Process.Tests;

/// <summary>A node that stands still, loses its servers to others, and wakes up believing that they are its own.</summary>
public sealed class PausedNodeTests(ITestOutputHelper output)
{
    private const int Keys = 60;
    private const int WarmUp = 50;
    private const int Victim = 2;
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(15);

    // A process that is stopped in the middle of a commit keeps SQLite's lock: then nobody can take its servers over, nor write anything, before it wakes up.
    [Fact]
    public Task A_node_that_wakes_up_loses_and_doubles_nothing_on_SQLite() => PauseAsync(postgres: false);

    [PostgresFact]
    public Task A_node_that_wakes_up_after_its_servers_moved_gets_nothing_through_on_PostgreSQL() => PauseAsync(postgres: true);

    private async Task PauseAsync(bool postgres)
    {
        await using var cluster = await ProcessCluster.StartAsync(postgres, output);
        var load = new Load(Keys);
        load.Start(cluster.Client.Servers, cluster.Deadline);
        await cluster.UntilEveryKeyMovesAsync(load, by: WarmUp);

        var node = cluster[Victim];
        load.MeasureGaps();
        cluster.Phase($"{node.Name} (process {node.Pid}) stands still");
        var pause = Task.Delay(s_pause, TimeProvider.System, cluster.Deadline);
        Signals.SendStop(node.Pid);
        if (postgres)
        {
            // The others have taken its servers over. What it writes on waking up must not even be overwritten by them before it is looked for.
            await cluster.UntilEveryKeyMovesAsync(load);
            await load.FinishAsync();
        }

        await pause;

        // Calls of before the pause still wait in its buffers; it will handle them with the state of before.
        node.ExpectEnd();
        Signals.SendContinue(node.Pid);
        cluster.Phase($"{node.Name} wakes up, and must find out that the others gave it up");
        Assert.NotEqual(0, await cluster.UntilEndedAsync(Victim));
        if (postgres)
        {
            await cluster.AssertNothingIsLostOrDoubledAsync(load);
            load.Start(cluster.Client.Servers, cluster.Deadline);
        }

        await cluster.RestartAsync(Victim);
        await cluster.UntilEveryKeyMovesAsync(load);
        await load.FinishAsync();
        await cluster.AssertNothingIsLostOrDoubledAsync(load);
        cluster.Pass(load);
    }
}
