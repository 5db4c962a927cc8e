using System.Collections.Concurrent;
using ChangeStats;

namespace AkkaDurable.Process.Tests;

/// <summary>
/// Calls every key, over and over: change 1, 2, 3 … of a key, each with its number as the call's id, made again until it is acknowledged. Whatever happens to the nodes, acknowledgement n of a key must say that n changes are counted,
/// and each call must end in time: with a reply, or with an exception that says what is known.
/// </summary>
internal sealed class Load
{
    /// <summary>The deadline of a call.</summary>
    public static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan s_retryAfter = TimeSpan.FromMilliseconds(100);

    // Enough to have calls under way at every moment, not so much that two cores have no time left for heartbeats.
    private static readonly TimeSpan s_defaultPace = TimeSpan.FromMilliseconds(5);

    private readonly TimeProvider _time = TimeProvider.System;
    private readonly LoadKey[] _keys;
    private readonly ConcurrentQueue<string> _violations = new();
    private readonly FailureCounts _failures = new();
    private readonly TimeSpan _pace;
    private Task _running = Task.CompletedTask;
    private long _gapsFrom = long.MaxValue;
    private volatile bool _finish;

    /// <param name="keys">How many keys.</param>
    /// <param name="pace">How long a key waits from an acknowledgement to its next call; left out: 5 ms.</param>
    public Load(int keys, TimeSpan? pace = null)
    {
        _pace = pace ?? s_defaultPace;
        _keys = [.. Enumerable.Range(1, keys).Select(number => new LoadKey(NameOf(number)))];
    }

    public IReadOnlyList<LoadKey> Keys => _keys;

    public long Acknowledged => _keys.Sum(key => key.Acknowledged);

    /// <summary>Acknowledgements that cannot be, of a change that was lost before or counted twice; and calls that ended without saying why.</summary>
    public IReadOnlyCollection<string> Violations => _violations;

    public TimeSpan WorstGap => _keys.Max(key => key.WorstGap);

    /// <summary>The longest time from a call to its end, whatever the end was.</summary>
    public TimeSpan LongestCall => _keys.Max(key => key.LongestCall);

    /// <summary>How many calls have failed.</summary>
    public long Failed => _failures.Total;

    /// <summary>The key with a number, which begins at 1.</summary>
    public static string NameOf(int number) => $"file-{number}";

    /// <summary>Starts, or goes on where it was stopped.</summary>
    public void Start(IDurableServers<FileStats> servers, CancellationToken cancellationToken)
    {
        _finish = false;
        _running = Task.WhenAll(_keys.Select(key => RunAsync(key, servers[key.Key], cancellationToken)));
    }

    /// <summary>Lets every key end the change that it is at.</summary>
    public Task FinishAsync()
    {
        _finish = true;
        return _running;
    }

    /// <summary>Waits until the loops have ended after the token that they were started with was cancelled: what was under way stays unknown.</summary>
    public async Task AbandonAsync()
    {
        try
        {
            await _running;
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }
    }

    /// <summary>Measures how long keys wait and calls take; what was sent before counts from now for the former.</summary>
    public void MeasureGaps()
    {
        foreach (var key in _keys)
        {
            key.WorstGap = TimeSpan.Zero;
            key.LongestCall = TimeSpan.Zero;
        }

        Volatile.Write(ref _gapsFrom, _time.GetTimestamp());
    }

    public override string ToString() =>
        $"{Acknowledged:N0} changes of {_keys.Length} keys acknowledged; worst gap {WorstGap.TotalSeconds:0.0} s; longest call {LongestCall.TotalSeconds:0.0} s; failed calls: {_failures}";

    private async Task RunAsync(LoadKey key, ServerRef server, CancellationToken cancellationToken)
    {
        while (key.Sent > key.Acknowledged || !_finish)
        {
            if (key.Sent == key.Acknowledged)
            {
                key.SentAt.Add(_time.GetTimestamp());
                key.Sent++;
            }

            if (await TryCallAsync(key, server, cancellationToken) is { } counted)
            {
                Acknowledge(key, counted);
                await Task.Delay(_pace, _time, cancellationToken);
            }
            else
            {
                await Task.Delay(s_retryAfter, _time, cancellationToken);
            }
        }
    }

    private async Task<long?> TryCallAsync(LoadKey key, ServerRef server, CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        try
        {
            return await server.CallAsync(new CountChange(Added: 1, Removed: 2), new CallOptions { Timeout = CallTimeout, Id = $"{key.Sent}" }, cancellationToken);
        }
        catch (DurableServerException failure)
        {
            key.Failed++;
            _failures.Add(failure);
            return null;
        }
        catch (Exception bare) when (!cancellationToken.IsCancellationRequested)
        {
            // It tells the caller nothing about its change: a finding. The load goes on, so that the test comes to the rest of its checks.
            _violations.Enqueue($"{key.Key}: the call with change {key.Sent} ended with a bare {bare}");
            return null;
        }
        finally
        {
            var took = _time.GetElapsedTime(start);
            key.LongestCall = took > key.LongestCall ? took : key.LongestCall;
        }
    }

    private void Acknowledge(LoadKey key, long counted)
    {
        key.AcknowledgedAt.Add(_time.GetTimestamp());
        if (counted != key.Sent)
        {
            _violations.Enqueue($"{key.Key}: change {key.Sent} was acknowledged with a count of {counted}");
        }

        var from = Volatile.Read(ref _gapsFrom);
        if (from != long.MaxValue)
        {
            var gap = _time.GetElapsedTime(Math.Max(from, key.SentAt[^1]));
            key.WorstGap = gap > key.WorstGap ? gap : key.WorstGap;
        }

        key.Acknowledged = key.Sent;
    }
}
