using AkkaDurable.TestSupport.Postgres;
using Xunit.Abstractions;

namespace AkkaDurable.Process.Tests;

/// <summary>Nodes that are gone from one moment to the next.</summary>
public sealed class LostNodeTests(ITestOutputHelper output)
{
    private const int Keys = 60;
    private const int WarmUp = 50;

    [Fact]
    public Task Nothing_acknowledged_is_lost_or_doubled_when_a_node_is_killed_on_SQLite() => KillOneAsync(postgres: false, victim: 2);

    [Fact]
    public Task Nothing_acknowledged_is_lost_or_doubled_when_the_oldest_node_is_killed() => KillOneAsync(postgres: false, victim: 1);

    [PostgresFact]
    public Task Nothing_acknowledged_is_lost_or_doubled_when_a_node_is_killed_on_PostgreSQL() => KillOneAsync(postgres: true, victim: 2);

    [Fact]
    public Task Everything_acknowledged_is_there_after_all_nodes_were_killed_on_SQLite() => KillAllAsync(postgres: false);

    [PostgresFact]
    public Task Everything_acknowledged_is_there_after_all_nodes_were_killed_on_PostgreSQL() => KillAllAsync(postgres: true);

    private async Task KillOneAsync(bool postgres, int victim)
    {
        await using var cluster = await ProcessCluster.StartAsync(postgres, output);
        var load = new Load(Keys);
        load.Start(cluster.Client.Servers, cluster.Deadline);
        await cluster.UntilEveryKeyMovesAsync(load, by: WarmUp);

        load.MeasureGaps();
        await cluster.KillAsync(victim);
        await cluster.UntilEveryKeyMovesAsync(load);
        await cluster.RestartAsync(victim);
        await cluster.UntilEveryKeyMovesAsync(load);

        await load.FinishAsync();
        await cluster.AssertNothingIsLostOrDoubledAsync(load);
        cluster.Pass(load);
    }

    private async Task KillAllAsync(bool postgres)
    {
        await using var cluster = await ProcessCluster.StartAsync(postgres, output);
        var load = new Load(Keys);
        using var abandon = CancellationTokenSource.CreateLinkedTokenSource(cluster.Deadline);
        load.Start(cluster.Client.Servers, abandon.Token);
        await cluster.UntilEveryKeyMovesAsync(load, by: WarmUp);

        await Task.WhenAll(cluster.KillAsync(1), cluster.KillAsync(2), cluster.KillAsync(3));
        await abandon.CancelAsync();
        await load.AbandonAsync();
        Assert.Contains(load.Keys, key => key.Sent > key.Acknowledged);

        // This member saw all others vanish; it would take itself for the smaller half of a split cluster.
        await cluster.DisconnectAsync();
        cluster.StartAll();
        cluster.Phase("all three started again");
        await cluster.ConnectAsync();
        await cluster.AssertNothingIsLostOrDoubledAsync(load);

        load.Start(cluster.Client.Servers, cluster.Deadline);
        await cluster.UntilEveryKeyMovesAsync(load);
        await load.FinishAsync();
        await cluster.AssertNothingIsLostOrDoubledAsync(load);
        cluster.Pass(load);
    }
}
