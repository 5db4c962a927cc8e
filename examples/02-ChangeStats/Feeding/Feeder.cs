using System.Threading.Channels;
using AkkaDurable;
using ChangeStats.Input;

namespace ChangeStats.Feeding;

/// <summary>
/// Sends changes in their order, many at a time but one at a time for each file. The library sends a call again whose node was lost; one that failed all the same is sent again here, with the same id, until it is acknowledged. Meanwhile other files go on.
/// </summary>
/// <remarks>One loop does all the bookkeeping, so that nothing here needs a lock. Calls and pauses that end come back to it through a channel.</remarks>
internal sealed class Feeder(IDurableServers<FileStats> servers, FeederOptions options, TimeProvider time)
{
    private readonly Channel<KeyFeed?> _ended = Channel.CreateUnbounded<KeyFeed?>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Dictionary<string, KeyFeed> _keys = new(StringComparer.Ordinal);
    private readonly CallLimit _limit = new(options.InFlight, options.StalledAfter, time);
    private readonly Queue<KeyFeed> _ready = new();

    // Tells the calls of this run from those of others over the same database.
    private readonly string _run = Guid.NewGuid().ToString("N")[..8];
    private int _busy;

    public FeedFigures Figures { get; } = new(time);

    public async Task RunAsync(IEnumerable<ChangeEvent> changes, CancellationToken cancellationToken)
    {
        // The loop must wake up when calls wait for long, too.
        await using var tick = time.CreateTimer(_ => _ended.Writer.TryWrite(null), null, options.StalledAfter, options.StalledAfter);
        using var source = changes.GetEnumerator();
        Figures.Start();
        while (true)
        {
            while (!_limit.IsReached && Take(source) is { } key)
            {
                var attempt = key.Send(options.CallTimeout, cancellationToken);
                _limit.Sent(attempt);
                ComeBack(key, attempt);
            }

            if (_busy == 0)
            {
                Figures.Stop();
                return;
            }

            do
            {
                if (await _ended.Reader.ReadAsync(cancellationToken) is { } ended)
                {
                    await HandleAsync(ended, cancellationToken);
                }
                else
                {
                    _limit.SetAside();
                }
            }
            while (_ended.Reader.TryPeek(out _));
        }
    }

    private KeyFeed? Take(IEnumerator<ChangeEvent> source)
    {
        if (_ready.TryDequeue(out var ready))
        {
            return ready;
        }

        while (source.MoveNext())
        {
            var key = KeyOf(source.Current.Path);
            key.Add(source.Current);
            if (key.Current is null && Next(key))
            {
                _busy++;
                return key;
            }
        }

        return null;
    }

    private bool Next(KeyFeed key)
    {
        if (!key.TryNext(time.GetTimestamp()))
        {
            return false;
        }

        Figures.CountSent();
        return true;
    }

    private async Task HandleAsync(KeyFeed key, CancellationToken cancellationToken)
    {
        if (key.Attempt is not { } attempt)
        {
            // Its pause is over.
            _ready.Enqueue(key);
            return;
        }

        key.Attempt = null;
        _limit.Ended(attempt);
        try
        {
            await attempt;
            Figures.CountAcknowledged(key);
            if (Next(key))
            {
                _ready.Enqueue(key);
            }
            else
            {
                _busy--;
            }
        }
        catch (DurableServerException e)
        {
            Figures.CountFailed(e);
            if (time.GetElapsedTime(key.FirstSentAt) > options.GiveUpAfter)
            {
                throw new FeedException($"{key.Path} did not acknowledge a change within {options.GiveUpAfter.TotalSeconds:0} s; its last answer: {e.GetType().Name}: {e.Message}", e);
            }

            ComeBack(key, Task.Delay(options.RetryAfter, time, cancellationToken));
        }
    }

    private void ComeBack(KeyFeed key, Task when) =>
        when.ContinueWith(_ => _ended.Writer.TryWrite(key), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private KeyFeed KeyOf(string path)
    {
        if (!_keys.TryGetValue(path, out var key))
        {
            _keys[path] = key = new KeyFeed(path, servers[path], _run);
        }

        return key;
    }
}
