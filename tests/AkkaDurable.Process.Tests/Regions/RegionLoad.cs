using System.Collections.Concurrent;
using ChangeStats;

namespace AkkaDurable.Process.Tests.Regions;

/// <summary>Callers in several regions that change the same keys, over and over; each change has an id, and is sent again until it is acknowledged or its caller stops.</summary>
internal sealed class RegionLoad(IReadOnlyList<string> keys)
{
    private static readonly TimeSpan s_callTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(40);

    private readonly TimeProvider _time = TimeProvider.System;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Acknowledgement>> _acknowledged = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _open = new(StringComparer.Ordinal);
    private readonly List<Task> _running = [];
    private readonly FailureCounts _failures = new();

    public IReadOnlyList<string> Keys { get; } = keys;

    public FailureCounts Failures => _failures;

    public long Total => _acknowledged.Values.Sum(of => of.Count);

    /// <summary>All acknowledged changes of a key, in the order in which they were known.</summary>
    public IReadOnlyCollection<Acknowledgement> Of(string key) => _acknowledged.TryGetValue(key, out var found) ? found : [];

    /// <summary>How many changes of a key were sent whose end is not known: they may be counted.</summary>
    public int OpenOf(string key) => _open.GetValueOrDefault(key);

    public void Start(RegionCaller caller, CancellationToken cancellationToken) => _running.AddRange(Keys.Select(key => RunAsync(key, caller, cancellationToken)));

    /// <summary>Waits until all callers have stopped, as the tokens they were started with told them to.</summary>
    public async Task UntilStoppedAsync() => await Task.WhenAll(_running);

    private async Task RunAsync(string key, RegionCaller caller, CancellationToken cancellationToken)
    {
        var server = caller.Servers[key];
        for (var number = 1; !cancellationToken.IsCancellationRequested; number++)
        {
            var sent = _time.GetTimestamp();
            _open.AddOrUpdate(key, 1, static (_, open) => open + 1);
            if (await UntilAcknowledgedAsync(server, $"{caller.Region}-{number}", cancellationToken) is not { } count)
            {
                return;
            }

            _open.AddOrUpdate(key, 0, static (_, open) => open - 1);
            _acknowledged.GetOrAdd(key, static _ => new ConcurrentQueue<Acknowledgement>()).Enqueue(new Acknowledgement(caller.Region, count, sent, _time.GetTimestamp()));
            await Task.Delay(s_pace, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<long?> UntilAcknowledgedAsync(ServerRef server, string id, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await server.CallAsync(new CountChange(Added: 1, Removed: 2), new CallOptions { Timeout = s_callTimeout, Id = id }, cancellationToken);
            }
            catch (DurableServerException failure)
            {
                _failures.Add(failure);
            }
            catch (ObjectDisposedException)
            {
                // The caller was put out of the cluster, and its actor system has ended.
                return null;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return null;
            }

            await Task.Delay(s_retryAfter, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested)
            {
                return null;
            }
        }
    }
}
