using Akka.Actor;
using Akka.Cluster;
using AkkaDurable.Storage;
using AkkaDurable.TestSupport.Postgres;
using ChangeStats;
using ChangeStats.Cluster;
using Xunit.Abstractions;

namespace AkkaDurable.Process.Tests;

/// <summary>A thousand permanent servers, whose nodes are killed. Nobody calls them; the store tells when and where they were started again.</summary>
public sealed class PermanentServersTests(ITestOutputHelper output)
{
    private const int Keys = 1_000;

    // Generous, for a busy machine; the figures are printed.
    private static readonly TimeSpan s_afterDetection = TimeSpan.FromSeconds(10);

    private static readonly Dictionary<string, string> s_settings = new() { [$"AkkaDurable__Servers__{StatsCluster.ServerType}__Permanent"] = "true" };

    [Fact]
    public Task Those_of_a_killed_node_run_elsewhere_without_a_call_on_SQLite() => KillOneAsync(postgres: false);

    [PostgresFact]
    public Task Those_of_a_killed_node_run_elsewhere_without_a_call_on_PostgreSQL() => KillOneAsync(postgres: true);

    [Fact]
    public Task All_run_again_without_a_call_when_all_nodes_were_killed_and_started_on_SQLite() => KillAllAsync(postgres: false);

    [PostgresFact]
    public Task All_run_again_without_a_call_when_all_nodes_were_killed_and_started_on_PostgreSQL() => KillAllAsync(postgres: true);

    private async Task KillOneAsync(bool postgres)
    {
        await using var cluster = await StartAsync(postgres);
        var victim = cluster[2];
        var lost = (await cluster.ReadRecordsAsync()).Where(record => Address.Parse(record.Owner).Port == victim.Port).Select(record => record.Id.Key).ToHashSet();
        Assert.NotEmpty(lost);

        var removed = WhenRemoved(cluster, victim.Port);
        await cluster.KillAsync(2);
        var killed = DateTimeOffset.UtcNow;
        var detected = await removed - killed;
        cluster.Phase($"detected after {detected.TotalSeconds:0.0} s");

        var records = await UntilAllRunAsync(cluster, record => Address.Parse(record.Owner).Port != victim.Port);
        Print(cluster, $"{lost.Count} servers, after the kill", records.Where(record => lost.Contains(record.Id.Key)).Select(record => record.UpdatedAt - killed), detected + s_afterDetection);
        await AssertStateAsync(cluster);
        cluster.Pass("all ran again");
    }

    private async Task KillAllAsync(bool postgres)
    {
        await using var cluster = await StartAsync(postgres);
        await Task.WhenAll(cluster.KillAsync(1), cluster.KillAsync(2), cluster.KillAsync(3));

        // This member saw all others vanish; it would take itself for the smaller half of a split cluster.
        await cluster.DisconnectAsync();
        var before = (await cluster.ReadRecordsAsync()).ToDictionary(record => record.Id.Key, record => record.Token.Epoch);
        cluster.StartAll();
        cluster.Phase("all started again");
        await cluster.ConnectAsync();
        var up = DateTimeOffset.UtcNow;
        cluster.Phase("the cluster is up");

        var records = await UntilAllRunAsync(cluster, record => record.Token.Epoch > before[record.Id.Key]);
        Print(cluster, $"{Keys} servers, after the cluster was up", records.Select(record => record.UpdatedAt - up), s_afterDetection);
        await AssertStateAsync(cluster);
        cluster.Pass("all ran again");
    }

    private async Task<ProcessCluster> StartAsync(bool postgres)
    {
        var cluster = await ProcessCluster.StartAsync(postgres, output, settings: s_settings);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Keys),
            cluster.Deadline,
            async (number, stop) => await cluster.Client.Servers[$"file-{number}"].CallAsync(new CountChange(1, 2), TimeSpan.FromSeconds(30), stop));
        cluster.Phase($"{Keys} servers run");
        return cluster;
    }

    private static async Task<DateTimeOffset> WhenRemoved(ProcessCluster cluster, int port)
    {
        var members = Akka.Cluster.Cluster.Get(cluster.Client.System);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (members.State.Members.Any(member => member.Address.Port == port && member.Status != MemberStatus.Removed))
        {
            await timer.WaitForNextTickAsync(cluster.Deadline);
        }

        return DateTimeOffset.UtcNow;
    }

    private static async Task<IReadOnlyList<StoredServer>> UntilAllRunAsync(ProcessCluster cluster, Func<StoredServer, bool> isAgain)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (true)
        {
            var records = await cluster.ReadRecordsAsync();
            if (records.Count == Keys && records.All(record => record.Status == ServerStatus.Running && record.IsPermanent && isAgain(record)))
            {
                return records;
            }

            await timer.WaitForNextTickAsync(cluster.Deadline);
        }
    }

    private static void Print(ProcessCluster cluster, string what, IEnumerable<TimeSpan> times, TimeSpan most)
    {
        var sorted = times.Order().ToList();
        cluster.Phase($"{what}: first {sorted[0].TotalSeconds:0.00} s, p50 {sorted[sorted.Count / 2].TotalSeconds:0.00} s, max {sorted[^1].TotalSeconds:0.00} s");
        Assert.True(sorted[^1] <= most, $"{what} the last came after {sorted[^1].TotalSeconds:0.0} s; at most {most.TotalSeconds:0.0} s are granted");
    }

    private static async Task AssertStateAsync(ProcessCluster cluster)
    {
        for (var number = 0; number < Keys; number += 100)
        {
            Assert.Equal(new StatsState(1, 1, 2), await cluster.Client.Servers[$"file-{number}"].CallAsync(new GetStats(), TimeSpan.FromSeconds(30), cluster.Deadline));
        }
    }
}
