using ChangeStats;
using Microsoft.Extensions.Hosting;

namespace AkkaDurable.Process.Tests;

/// <summary>Reads all keys through its node, over and over: some run on it, as far as it knows, and are asked without a network in between.</summary>
/// <remarks>It waits for a file to appear: whoever reads before all nodes take servers brings all servers to those that were first.</remarks>
internal sealed class LocalReader(IDurableServers<FileStats> servers, int keys, ReadLog log, string beginFile) : BackgroundService
{
    // A read of each key soon after the node woke up, and little work for two cores before.
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time = TimeProvider.System;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using (var timer = new PeriodicTimer(s_pace, _time))
        {
            while (!File.Exists(beginFile))
            {
                await timer.WaitForNextTickAsync(stoppingToken);
            }
        }

        await Task.WhenAll(Enumerable.Range(1, keys).Select(number => ReadAsync(Load.NameOf(number), stoppingToken)));
    }

    private async Task ReadAsync(string key, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_pace, _time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            var start = _time.GetTimestamp();
            try
            {
                var stats = await servers[key].CallAsync(new GetStats(), s_timeout, cancellationToken);
                log.Add(new Read(Environment.ProcessId, key, stats.Changes, start, _time.GetTimestamp(), Failure: null));
            }
            catch (DurableServerException failure)
            {
                log.Add(new Read(Environment.ProcessId, key, 0, start, _time.GetTimestamp(), failure.GetType().Name));
            }
        }
    }
}
