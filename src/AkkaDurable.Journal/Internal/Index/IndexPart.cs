using AkkaDurable.Journal.Internal.Events.V1;
using AkkaDurable.Journal.Internal.Streams;

namespace AkkaDurable.Journal.Internal.Index;

/// <summary>
/// One of the streams that hold the keys of a server type. Changes that wait at the same time go into one event; other processes append to the stream too, each by compare-and-swap. Now and then an event holds all
/// keys, and those before it are deleted. Safe for concurrent use.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "The semaphore holds nothing that must be freed, and changes may end after the store was closed.")]
internal sealed class IndexPart(EventWriter writer, Trimmer trimmer, string serverType, string persistenceId)
{
    private const int MaxRounds = 1_000;
    private const int MinChangesBetweenSnapshots = 256;
    private const int MinEventsBetweenSnapshots = 200;

    private readonly SemaphoreSlim _gate = new(1);
    private readonly Lock _lock = new();
    private readonly KeySet _keys = new();
    private List<Change> _waiting = [];
    private bool _isWriting;
    private long _refreshes;
    private long _sequenceNr;
    private long _snapshotAt;
    private long _trimmedTo;
    private int _changes;
    private StoreClock.Moment? _known;

    /// <summary>Grows with each change of the keys.</summary>
    public long Version { get; private set; }

    /// <summary>Ends when the index knows the key.</summary>
    public Task AddAsync(string key, long begin)
    {
        lock (_lock)
        {
            return _keys.Holds(key, begin) ? Task.CompletedTask : Enqueue(new Change(key, begin, true));
        }
    }

    /// <summary>Ends when the index does not know the key any more, unless its record was made anew.</summary>
    public Task RemoveAsync(string key, long end)
    {
        lock (_lock)
        {
            return Enqueue(new Change(key, end, false));
        }
    }

    /// <summary>Whether a removal would take the key away.</summary>
    public bool IsEndedBy(string key, long end)
    {
        lock (_lock)
        {
            return _keys.IsEndedBy(key, end);
        }
    }

    /// <summary>Reads what others have appended.</summary>
    public async Task RefreshAsync()
    {
        var seen = Interlocked.Read(ref _refreshes);
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            // One that began after this one was asked for will do.
            if (Interlocked.Read(ref _refreshes) == seen)
            {
                await ReadNewAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public string[] CopyKeys()
    {
        lock (_lock)
        {
            return [.. _keys.Keys];
        }
    }

    private Task Enqueue(Change change)
    {
        _waiting.Add(change);
        if (!_isWriting)
        {
            _isWriting = true;
            _ = Task.Run(WriteAllAsync);
        }

        return change.Done.Task;
    }

    private async Task WriteAllAsync()
    {
        while (true)
        {
            List<Change> changes;
            lock (_lock)
            {
                if (_waiting.Count == 0)
                {
                    _isWriting = false;
                    return;
                }

                (changes, _waiting) = (_waiting, []);
            }

            await _gate.WaitAsync().ConfigureAwait(false);
            try
            {
                await WriteAsync(changes).ConfigureAwait(false);
                changes.ForEach(change => change.Done.TrySetResult());
            }
#pragma warning disable CA1031 // Handed on to those who wait.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                _known = null;
                changes.ForEach(change => change.Done.TrySetException(exception));
            }
            finally
            {
                _gate.Release();
            }
        }
    }

    private async Task WriteAsync(List<Change> changes)
    {
        for (var round = 1; round <= MaxRounds; round++)
        {
            if (_known is null)
            {
                await ReadNewAsync().ConfigureAwait(false);
            }

            if (Build(changes) is not { } appended)
            {
                return;
            }

            var started = writer.Clock.Now();
            var sequenceNr = _sequenceNr + 1;
            if (await writer.AppendAsync(persistenceId, sequenceNr, appended, _known!.Value, _trimmedTo).ConfigureAwait(false) == AppendOutcome.Written)
            {
                _known = started;
                Fold(sequenceNr, appended);
                if (appended.SnapshotAt == sequenceNr)
                {
                    var upTo = sequenceNr - 1;
                    trimmer.Schedule(writer.Journal, persistenceId, upTo, isDone =>
                    {
                        _trimmedTo = isDone ? upTo : _trimmedTo;
                        return Task.CompletedTask;
                    });
                }

                return;
            }

            _known = null;
        }

        throw new StoreUnavailableException($"{persistenceId} could not be appended to: others were first each time.");
    }

    /// <summary>What must be appended, if anything.</summary>
    private IndexEvent? Build(List<Change> changes)
    {
        lock (_lock)
        {
            var added = changes.Where(change => change.IsAddition && !_keys.Holds(change.Key, change.SequenceNr)).Select(ToEntry).ToList();
            var removed = changes.Where(change => !change.IsAddition && _keys.IsEndedBy(change.Key, change.SequenceNr)).Select(ToEntry).ToList();
            if (added.Count + removed.Count == 0)
            {
                return null;
            }

            var next = _sequenceNr + 1;
            var isSnapshot = _changes > Math.Max(MinChangesBetweenSnapshots, _keys.Count) || next - _snapshotAt > MinEventsBetweenSnapshots + (_keys.Count / 10);
            var result = new IndexEvent { ServerType = serverType, SnapshotAt = isSnapshot ? next : _snapshotAt };
            if (isSnapshot)
            {
                result.Added.AddRange(_keys.Entries());
            }

            // A snapshot is read like any other event, so what changes with it can come along.
            result.Added.AddRange(added);
            result.Removed.AddRange(removed);
            return result;
        }
    }

    private async Task ReadNewAsync()
    {
        Interlocked.Increment(ref _refreshes);
        var known = writer.Clock.Now();
        var highest = await writer.Journal.HighestAsync(persistenceId).ConfigureAwait(false);
        if (highest > _sequenceNr)
        {
            var newest = await ReadAsync(highest).ConfigureAwait(false);
            var from = Math.Max(newest.SnapshotAt, 1);
            if (from > _sequenceNr)
            {
                lock (_lock)
                {
                    _keys.Clear();
                }
            }

            from = Math.Max(from, _sequenceNr + 1);
            if (from < highest)
            {
                foreach (var stored in await writer.Journal.ReadAsync(persistenceId, from, highest - 1).ConfigureAwait(false))
                {
                    Fold(stored.SequenceNr, ToIndex(stored.Event));
                }
            }

            Fold(highest, newest);
        }

        _known = known;
    }

    private async Task<IndexEvent> ReadAsync(long sequenceNr)
    {
        var (stored, _) = await writer.Journal.ReadAsync(persistenceId, sequenceNr).ConfigureAwait(false);
        return stored is null ? throw new StoreUnavailableException($"{persistenceId} ends at {sequenceNr}, but holds no event there.") : ToIndex(stored.Event);
    }

    private IndexEvent ToIndex(Events.IJournalEvent stored) =>
        stored is IndexEvent index && index.ServerType == serverType ? index : throw new StoreSchemaException($"{persistenceId} holds something else than the keys of {serverType}.");

    private void Fold(long sequenceNr, IndexEvent folded)
    {
        lock (_lock)
        {
            _changes = folded.SnapshotAt == sequenceNr ? 0 : _changes + folded.Added.Count + folded.Removed.Count;
            _keys.Apply(folded.Added, folded.Removed);
            _sequenceNr = sequenceNr;
            _snapshotAt = folded.SnapshotAt;
            Version++;
        }
    }

    private static IndexEntry ToEntry(Change change) => new() { Key = change.Key, SequenceNr = change.SequenceNr };

    private sealed record Change(string Key, long SequenceNr, bool IsAddition)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
