using System.Numerics;
using System.Runtime.InteropServices;
using AkkaDurable.Storage;

namespace AkkaDurable.Sql.Internal.Writing;

/// <summary>
/// What waits for the writers of a store, and which of them may take it. Many threads add; each writer takes a group, says of each operation when it is through, and waits for the next group.
/// </summary>
/// <remarks>
/// <para>One writer is enough while what waits makes no full group: it then makes the largest groups. Further ones start when a full group waits and everybody else is busy.</para>
/// <para>
/// A record has at most one operation in flight. Those after it hang on it, first come first served, and are out of everybody's way; when it is through, the next one waits like all others.
/// So nothing is ever searched, however many wait.
/// </para>
/// </remarks>
/// <param name="writers">How many writers there are; 1 to 16.</param>
/// <param name="maxGroupSize">The most operations in a group.</param>
/// <param name="fullGroup">How many free operations must wait for a further writer to start.</param>
/// <param name="repeatsRecords">Whether a group may hold more than one operation on a record; there is but one writer then.</param>
internal sealed class WriteQueue(int writers, int maxGroupSize, int fullGroup, bool repeatsRecords) : IDisposable
{
    // A group ends early when its states are this large together, so that one group of large states does not hold up everything else for long.
    private const int MaxGroupBytes = 8 << 20;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim[] _wake = [.. Enumerable.Range(0, writers).Select(static _ => new SemaphoreSlim(0))];

    /// <summary>The last operation of each record that has one in flight or waiting.</summary>
    private readonly Dictionary<ServerId, WriteOperation> _last = [];

    private readonly Queue<WriteOperation> _urgent = new();
    private readonly Queue<WriteOperation> _free = new();

    /// <summary>Those that hung on another one, oldest first. They came before much of what is free.</summary>
    private readonly PriorityQueue<WriteOperation, long> _freed = new();

    private long _added;
    private int _takers;
    private bool _closed;

    // A bit for each writer.
    private int _asleep;
    private int _busy;

    /// <summary>How many wait and could be taken.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return Free;
            }
        }
    }

    private int Free => _urgent.Count + _freed.Count + _free.Count;

    /// <returns><see langword="false"/> when the queue is closed.</returns>
    public bool TryAdd(WriteOperation operation)
    {
        int woken;
        lock (_gate)
        {
            if (_closed)
            {
                return false;
            }

            operation.Number = _added++;
            if (repeatsRecords || !HangsOnAnother(operation))
            {
                _free.Enqueue(operation);
            }

            woken = Choose();
        }

        Wake(woken);
        return true;
    }

    /// <summary>Adds what goes ahead of all others; it must not touch the record of any of them.</summary>
    /// <returns><see langword="false"/> when the queue is closed.</returns>
    public bool TryAddFirst(WriteOperation operation)
    {
        int woken;
        lock (_gate)
        {
            if (_closed)
            {
                return false;
            }

            _urgent.Enqueue(operation);
            woken = Choose();
        }

        Wake(woken);
        return true;
    }

    /// <summary>Lets nothing more in; what is in it can still be taken.</summary>
    public void Close()
    {
        int asleep;
        lock (_gate)
        {
            _closed = true;
            asleep = _asleep;
            _asleep = 0;
            _takers += BitOperations.PopCount((uint)asleep);
        }

        for (; asleep != 0; asleep &= asleep - 1)
        {
            Wake(BitOperations.TrailingZeroCount(asleep));
        }
    }

    /// <summary>Says that this writer is through with its group, and waits until it is for it to take the next one; it must take it then.</summary>
    /// <param name="writer">Its number, from 0.</param>
    /// <param name="block">Whether to block the thread, which keeps the caller on it.</param>
    /// <returns><see langword="false"/> when the queue is closed and nothing is left for this writer.</returns>
    public async ValueTask<bool> WaitAsync(int writer, bool block)
    {
        for (var woken = false; ; woken = true)
        {
            lock (_gate)
            {
                // Whoever woke this writer counted it, so that not all are woken for the same operations. Another one may have taken them nevertheless.
                _takers -= woken ? 1 : 0;
                _busy &= ~(1 << writer);
                if (NeedsTaker())
                {
                    _takers++;
                    return true;
                }

                // What is left, and what still hangs on the groups of others, is for the last one who is busy.
                if (_closed)
                {
                    return false;
                }

                _asleep |= 1 << writer;
            }

            if (block)
            {
                _wake[writer].Wait();
            }
            else
            {
                await _wake[writer].WaitAsync();
            }
        }
    }

    /// <summary>Takes the next group: the oldest operations that are free.</summary>
    public void Take(int writer, List<WriteOperation> group)
    {
        int woken;
        lock (_gate)
        {
            _takers--;
            _busy |= 1 << writer;
            while (_urgent.TryDequeue(out var operation))
            {
                group.Add(operation);
            }

            var bytes = 0L;
            while (group.Count < maxGroupSize && bytes < MaxGroupBytes && Oldest() is { } operation)
            {
                bytes += operation.Size;
                group.Add(operation);
            }

            woken = Choose();
        }

        Wake(woken);
    }

    /// <summary>Says that these are through, whatever became of them: what hangs on them is free.</summary>
    public void Release(List<WriteOperation> operations)
    {
        if (repeatsRecords)
        {
            return;
        }

        int woken;
        lock (_gate)
        {
            foreach (var operation in operations)
            {
                if (operation.Next is { } next)
                {
                    operation.Next = null;
                    _freed.Enqueue(next, next.Number);
                }
                else
                {
                    _last.Remove(operation.Id);
                }
            }

            woken = Choose();
        }

        Wake(woken);
    }

    /// <summary>Takes everything that waits, but for what hangs on the groups of others, and says that the group is through.</summary>
    /// <param name="group">A group, or a part of one; what waited is added to it.</param>
    public void ReleaseAndTakeAll(List<WriteOperation> group)
    {
        lock (_gate)
        {
            group.AddRange(_urgent);
            _urgent.Clear();
            while (Oldest() is { } operation)
            {
                group.Add(operation);
            }

            for (var i = 0; i < group.Count; i++)
            {
                if (group[i].Next is { } next)
                {
                    group.Add(next);
                }
                else
                {
                    _last.Remove(group[i].Id);
                }
            }
        }
    }

    public void Dispose()
    {
        foreach (var wake in _wake)
        {
            wake.Dispose();
        }
    }

    private bool HangsOnAnother(WriteOperation operation)
    {
        ref var last = ref CollectionsMarshal.GetValueRefOrAddDefault(_last, operation.Id, out var exists);
        if (exists)
        {
            last!.Next = operation;
        }

        last = operation;
        return exists;
    }

    private WriteOperation? Oldest()
    {
        if (_freed.TryPeek(out _, out var number) && (!_free.TryPeek(out var other) || number < other.Number))
        {
            return _freed.Dequeue();
        }

        return _free.TryDequeue(out var operation) ? operation : null;
    }

    /// <summary>Whether there is a group for one more, even when those who are about to take leave as little as they can.</summary>
    private bool NeedsTaker() => Free >= (_busy == 0 && _takers == 0 ? 1 : (_takers * maxGroupSize) + fullGroup);

    /// <summary>Chooses whom to wake: the first one, so that at low load it is always the same connection.</summary>
    private int Choose()
    {
        if (_asleep == 0 || !NeedsTaker())
        {
            return -1;
        }

        var writer = BitOperations.TrailingZeroCount(_asleep);
        _asleep &= _asleep - 1;
        _takers++;
        return writer;
    }

    private void Wake(int writer)
    {
        if (writer >= 0)
        {
            _wake[writer].Release();
        }
    }
}
