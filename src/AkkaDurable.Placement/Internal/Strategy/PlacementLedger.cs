using System.Collections.Immutable;

namespace AkkaDurable.Placement.Internal.Strategy;

/// <summary>The records of one type's shards while this node has the coordinator: read once, changed in memory, written behind. Its owner calls it under a lock; only loading and writing go on beside it.</summary>
internal sealed class PlacementLedger(string typeName, IPlacementHistory history, TimeProvider time, Action<string, Exception> warn) : IDisposable
{
    private const int MaxBatch = 1000;

    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _end = new();
    private readonly Lock _dirtyLock = new();
    private Dictionary<string, PlacementRecord> _records = new(StringComparer.Ordinal);
    private Dictionary<string, PlacementRecord> _dirty = new(StringComparer.Ordinal);
    private bool _writing;

    public bool IsLoaded { get; private set; }

    public IEnumerable<PlacementRecord> Records => _records.Values;

    /// <summary>Reads the records, until it has them.</summary>
    /// <param name="loaded">Called once, with what is to make them known.</param>
    public async Task LoadAsync(Action<Action> loaded)
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var read = await history.LoadAsync(typeName, _end.Token).ConfigureAwait(false);
                var now = time.GetUtcNow();
                var records = new Dictionary<string, PlacementRecord>(StringComparer.Ordinal);
                foreach (var record in read)
                {
                    records[record.Shard] = NotOfTheFuture(record, now);
                }

                loaded(() => (_records, IsLoaded) = (records, true));
                return;
            }
            catch (Exception exception) when (!_end.IsCancellationRequested)
            {
                warn($"The placement history of {typeName} cannot be read; no shard of it is placed until it can.", exception);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Wait().ConfigureAwait(false);
        }
    }

    public PlacementRecord? Find(string shard) => _records.GetValueOrDefault(shard);

    public void Placed(string shard, PlacementEntry entry)
    {
        var record = Find(shard) ?? new PlacementRecord(shard, ShardName.HomeRegionOf(shard) ?? entry.Location.Region, 0, ImmutableArray<PlacementEntry>.Empty);
        Change(record, record.Placed(entry));
    }

    public void Lost(string shard, DateTimeOffset at)
    {
        if (Find(shard) is { } record)
        {
            Change(record, record.Lost(at));
        }
    }

    public void Dispose()
    {
        // What is dirty is still written: the next coordinator reads it.
        _end.Cancel();
    }

    // A node whose clock is ahead may have written when a shard was lost; its hold would never end.
    private static PlacementRecord NotOfTheFuture(PlacementRecord record, DateTimeOffset now) =>
        record.Newest is { LostAt: { } lostAt } newest && lostAt > now ? record with { Entries = record.Entries.SetItem(0, newest with { LostAt = now }) } : record;

    private void Change(PlacementRecord old, PlacementRecord changed)
    {
        if (ReferenceEquals(old, changed))
        {
            return;
        }

        _records[changed.Shard] = changed;
        lock (_dirtyLock)
        {
            _dirty[changed.Shard] = changed;
            if (_writing)
            {
                return;
            }

            _writing = true;
        }

        _ = Task.Run(WriteAsync);
    }

    private async Task WriteAsync()
    {
        var failures = 0;
        while (true)
        {
            List<PlacementRecord> batch;
            lock (_dirtyLock)
            {
                if (_dirty.Count == 0)
                {
                    _writing = false;
                    return;
                }

                batch = [.. _dirty.Values.Take(MaxBatch)];
            }

            try
            {
                await history.RecordAsync(typeName, batch, CancellationToken.None).ConfigureAwait(false);
                failures = 0;
                Written(batch);
            }
            catch (Exception exception)
            {
                warn($"The placement history of {typeName} cannot be written; {batch.Count} records wait.", exception);

                // Once another node has the coordinator, it writes; a last try is made for it.
                if (_end.IsCancellationRequested && ++failures > 1)
                {
                    return;
                }

                await Wait().ConfigureAwait(false);
            }
        }
    }

    private void Written(List<PlacementRecord> batch)
    {
        lock (_dirtyLock)
        {
            foreach (var record in batch)
            {
                if (_dirty.TryGetValue(record.Shard, out var latest) && ReferenceEquals(latest, record))
                {
                    _dirty.Remove(record.Shard);
                }
            }
        }
    }

    private Task Wait() => Task.Delay(s_retry, time, _end.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
}
