using System.Collections.Concurrent;
using AkkaDurable.Storage;

namespace AkkaDurable.Journal.Internal.Records;

/// <summary>The lanes of all records that this process works on or remembers. Safe for concurrent use.</summary>
internal sealed class RecordLanes(int maxRemembered)
{
    private readonly ConcurrentDictionary<ServerId, RecordLane> _lanes = new();
    private int _count;

    /// <summary>What is remembered of a record; <see langword="null"/>: nothing.</summary>
    public RecordHead? Remembered(ServerId id) => _lanes.GetValueOrDefault(id)?.Head;

    /// <summary>Runs an operation in the record's lane.</summary>
    /// <returns>What it returned. A caller that gives up before its turn comes is passed over.</returns>
    public Task<T> RunAsync<T>(ServerId id, Func<RecordLane, Task<T>> operation, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        while (!LaneOf(id).TryAdd(Run))
        {
            // It retired meanwhile; another one takes its place.
        }

        return cancellationToken.CanBeCanceled ? result.Task.WaitAsync(cancellationToken) : result.Task;

        async Task Run(RecordLane lane)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                result.TrySetCanceled(cancellationToken);
                return;
            }

            try
            {
                result.TrySetResult(await operation(lane).ConfigureAwait(false));
            }
#pragma warning disable CA1031 // Handed on to the caller.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                // What is stored is no longer known.
                lane.Head = null;
                result.TrySetException(exception);
            }
        }
    }

    private RecordLane LaneOf(ServerId id)
    {
        if (_lanes.TryGetValue(id, out var lane))
        {
            return lane;
        }

        var added = new RecordLane(retired => Remove(id, retired));
        lane = _lanes.GetOrAdd(id, added);
        if (ReferenceEquals(lane, added) && Interlocked.Increment(ref _count) > maxRemembered)
        {
            // Any will do: what is forgotten costs a read when it is needed again.
            foreach (var (_, other) in _lanes.Take(2 + (maxRemembered / 100)))
            {
                if (!ReferenceEquals(other, added))
                {
                    other.Retire();
                }
            }
        }

        return lane;
    }

    private void Remove(ServerId id, RecordLane lane)
    {
        if (_lanes.TryRemove(new KeyValuePair<ServerId, RecordLane>(id, lane)))
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
