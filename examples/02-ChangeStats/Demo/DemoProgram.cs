using ChangeStats.Cluster;
using ChangeStats.Feeding;
using ChangeStats.Input;

namespace ChangeStats.Demo;

/// <summary>The verb <c>demo</c>: starts nodes, feeds them, kills one in mid-run, starts it again, and compares all numbers with a straight count of the input.</summary>
internal sealed class DemoProgram(DemoOptions options, Screen screen)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly TimeProvider _time = TimeProvider.System;
    private readonly FeederOptions _feederOptions = new() { InFlight = options.InFlight };

    /// <summary>Runs the demo.</summary>
    /// <returns>Whether nothing was lost and nothing doubled.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var workload = await Workload.LoadAsync(options.InputFile, cancellationToken);
        screen.Line($"input     {workload.Source}: {workload.EventCount:N0} changes of {workload.Expected.Count:N0} files{(workload.Rounds > 1 ? $" (its history is short, so it is fed {workload.Rounds} times)" : "")}");

        using var folder = new TemporaryFolder { KeepLogs = true };
        await using var database = options.Postgres ? await DemoDatabase.StartPostgresAsync() : DemoDatabase.Sqlite(folder.Database);
        screen.Line($"database  {database.Description}");

        await using var nodes = NodeGroup.Start(options.Nodes, database.Address, folder.Logs);
        screen.Line($"nodes     {string.Join(", ", Enumerable.Range(1, nodes.Count).Select(n => $"{nodes[n].Name}: process {nodes[n].Pid} on port {nodes[n].Port}"))}");
        screen.Line($"logs      {folder.Logs}");

        try
        {
            await using var client = await StatsClient.StartAsync(nodes.Ports, Path.Combine(folder.Logs, "feeder.log"), cancellationToken);
            var passed = await RunAsync(workload, nodes, client, cancellationToken);
            folder.KeepLogs = !passed;
            return passed;
        }
        finally
        {
            folder.KeepLogs &= !cancellationToken.IsCancellationRequested;
            if (folder.KeepLogs)
            {
                screen.Line($"The logs stay in {folder.Logs}");
            }
        }
    }

    private async Task<bool> RunAsync(Workload workload, NodeGroup nodes, StatsClient client, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var run = FeedAndCheckAsync(workload, nodes, client, stop.Token);
        var death = nodes.AnyDiedByItselfAsync();
        if (await Task.WhenAny(run, death) == death)
        {
            await stop.CancelAsync();
            await run.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            cancellationToken.ThrowIfCancellationRequested();
            throw new FeedException(await death);
        }

        return await run;
    }

    private async Task<bool> FeedAndCheckAsync(Workload workload, NodeGroup nodes, StatsClient client, CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        await client.UntilReadyAsync(nodes.Count, s_patience, cancellationToken);
        screen.Line($"cluster   up after {_time.GetElapsedTime(start).TotalSeconds:0.0} s");
        screen.Line();

        var feeder = new Feeder(client.Servers, _feederOptions, _time);
        var mayKill = options.KillAfterPercent is { } percent ? feeder.Figures.WhenAcknowledged(Math.Max(1, workload.EventCount * percent / 100)) : null;
        var progress = new ProgressLine(workload.EventCount, feeder.Figures, client, nodes.Count, _time);
        using (screen.ShowEverySecond(progress.Next, _time))
        {
            var feed = feeder.RunAsync(workload.Events, cancellationToken);
            var kill = mayKill is null ? Task.CompletedTask : KillAndRestartAsync(mayKill, feed, nodes, client, feeder.Figures, cancellationToken);
            await Task.WhenAll(feed, kill);
        }

        screen.Line(progress.Next());
        screen.Line();
        var check = await Check.RunAsync(workload.Expected, client.Servers, _feederOptions, cancellationToken);
        foreach (var line in Report.Lines(workload, feeder.Figures, check, wasKilled: mayKill is not null))
        {
            screen.Line(line);
        }

        return check.Passed;
    }

    private async Task KillAndRestartAsync(Task when, Task feed, NodeGroup nodes, StatsClient client, FeedFigures figures, CancellationToken cancellationToken)
    {
        if (await Task.WhenAny(when, feed) == feed && !when.IsCompleted)
        {
            return;
        }

        var victim = nodes[options.Victim];
        var before = client.Incarnation(victim.Port);
        var pid = victim.Pid;
        figures.MeasureGaps();
        var start = _time.GetTimestamp();
        await victim.KillAsync(cancellationToken);
        screen.Line($"kill -9   {victim.Name} (process {pid}), {figures.Acknowledged:N0} changes acknowledged");

        await Task.Delay(options.RestartAfter, _time, cancellationToken);
        victim.Start();
        screen.Line($"restart   {victim.Name} (process {victim.Pid}) on the same port, {_time.GetElapsedTime(start).TotalSeconds:0.0} s later");
        await client.UntilBackAsync(victim.Port, before, nodes.Count, s_patience, cancellationToken);
        screen.Line($"back      {victim.Name}, {_time.GetElapsedTime(start).TotalSeconds:0.0} s after the kill");
    }
}
