using AkkaDurable.TestSupport.Postgres;
using Microsoft.Data.Sqlite;
using Xunit.Abstractions;

namespace AkkaDurable.Process.Tests;

/// <summary>The nodes live on, and the place where the state is kept does not take anything for a while.</summary>
public sealed class LostStoreTests(ITestOutputHelper output)
{
    private const int Keys = 60;
    private const int WarmUp = 50;
    private static readonly TimeSpan s_outage = TimeSpan.FromSeconds(6);

    // Promised are 3 s, on a machine that has nothing else to do; the figure is printed.
    private static readonly TimeSpan s_backWithin = TimeSpan.FromSeconds(10);

    // What timers and threads may be late on a machine that is busy.
    private static readonly TimeSpan s_late = TimeSpan.FromSeconds(1.5);

    [PostgresFact]
    public async Task Nothing_acknowledged_is_lost_or_doubled_when_PostgreSQL_is_killed_and_comes_back()
    {
        await using var cluster = await ProcessCluster.StartAsync(postgres: true, output);
        await RunAsync(cluster, async () =>
        {
            cluster.Phase($"kill -9 PostgreSQL (process {cluster.Postgres.ProcessId})");
            await cluster.Postgres.KillPostmasterAsync();
            return cluster.Postgres.RestartAsync;
        });
    }

    [TmpfsFact]
    public async Task Nothing_acknowledged_is_lost_or_doubled_when_the_disk_is_full_and_has_room_again_on_SQLite()
    {
        using var disk = Tmpfs.Mount(megabytes: 16);
        var file = Path.Combine(disk.Folder, "stats.db");
        await using var cluster = await ProcessCluster.StartAsync(postgres: false, output, sqliteFile: file);
        await RunAsync(cluster, () =>
        {
            EmptyLog(file);
            var ballast = Ballast.Fill(disk.Folder);
            cluster.Phase("the disk is full");
            return Task.FromResult<Func<Task>>(() => ballast.DisposeAsync().AsTask());
        });
    }

    /// <param name="cluster">The nodes.</param>
    /// <param name="breakStore">Takes the store away and returns what brings it back.</param>
    private static async Task RunAsync(ProcessCluster cluster, Func<Task<Func<Task>>> breakStore)
    {
        var load = new Load(Keys);
        load.Start(cluster.Client.Servers, cluster.Deadline);
        await cluster.UntilEveryKeyMovesAsync(load, by: WarmUp);

        load.MeasureGaps();
        var outage = Task.Delay(s_outage, TimeProvider.System, cluster.Deadline);
        var repair = await breakStore();
        var acknowledged = load.Acknowledged;
        var failed = load.Failed;
        await outage;
        cluster.Phase($"{s_outage.TotalSeconds:0} s later: {load.Acknowledged - acknowledged:N0} changes were acknowledged meanwhile, {load.Failed - failed:N0} calls failed");
        Assert.True(load.Failed - failed >= Keys, $"Expected every one of {Keys} keys to notice that the store was away, found {load.Failed - failed} failed calls. {load}");

        await repair();
        load.MeasureGaps();
        cluster.Phase("the store is back");
        await cluster.UntilEveryKeyMovesAsync(load);
        var back = load.WorstGap;
        cluster.Phase($"the last key to serve again took {back.TotalSeconds:0.00} s");

        await load.FinishAsync();
        await cluster.AssertNothingIsLostOrDoubledAsync(load);
        Assert.True(back < s_backWithin, $"Expected every key to answer within {s_backWithin.TotalSeconds:0} s of the return of the store, found {back.TotalSeconds:0.0} s. {load}");
        Assert.True(load.LongestCall < Load.CallTimeout + s_late, $"Expected every call to end by its deadline of {Load.CallTimeout.TotalSeconds:0} s, found {load.LongestCall.TotalSeconds:0.0} s. {load}");
        cluster.Pass(load);
    }

    // SQLite writes over the log that it has; only one that must grow finds out that there is no room.
    private static void EmptyLog(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False;Default Timeout=10");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA busy_timeout = 10000; PRAGMA wal_checkpoint(TRUNCATE)";
        command.ExecuteNonQuery();
    }
}
