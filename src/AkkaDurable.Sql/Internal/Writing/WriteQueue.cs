using AkkaDurable.Storage;

namespace AkkaDurable.Sql.Internal.Writing;

/// <summary>What waits for one writer, in the order in which it came. Many threads add; only the writer takes.</summary>
internal sealed class WriteQueue(int maxGroupSize, bool repeatsRecords) : IDisposable
{
    // How far beyond a full group is looked for records that the group does not hold yet.
    private const int LookAhead = 4;

    // A group ends early when its states are this large together, so that one group of large states does not hold up everything else for long.
    private const int MaxGroupBytes = 8 << 20;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly HashSet<ServerId> _inGroup = [];
    private readonly Queue<WriteOperation> _urgent = new();
    private readonly Queue<WriteOperation> _incoming = new();
    private Queue<WriteOperation> _deferred = new();
    private Queue<WriteOperation> _passedOver = new();
    private int _looks;
    private long _bytes;
    private bool _asleep;
    private bool _closed;

    /// <returns><see langword="false"/> when the queue is closed.</returns>
    public bool TryAdd(WriteOperation operation) => TryAdd(operation, _incoming);

    /// <summary>Adds what goes ahead of all others; it must not touch the record of any of them.</summary>
    /// <returns><see langword="false"/> when the queue is closed.</returns>
    public bool TryAddFirst(WriteOperation operation) => TryAdd(operation, _urgent);

    private bool TryAdd(WriteOperation operation, Queue<WriteOperation> to)
    {
        bool wake;
        lock (_gate)
        {
            if (_closed)
            {
                return false;
            }

            to.Enqueue(operation);
            wake = _asleep;
            _asleep = false;
        }

        if (wake)
        {
            _wake.Release();
        }

        return true;
    }

    /// <summary>How many wait; for the one who takes.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _deferred.Count + _incoming.Count + _urgent.Count;
            }
        }
    }

    /// <summary>Lets nothing more in; what is in it can still be taken.</summary>
    public void Close()
    {
        bool wake;
        lock (_gate)
        {
            _closed = true;
            wake = _asleep;
            _asleep = false;
        }

        if (wake)
        {
            _wake.Release();
        }
    }

    /// <summary>Waits until there is something to take.</summary>
    /// <param name="block">Whether to block the thread, which keeps the caller on it.</param>
    /// <returns><see langword="false"/> when the queue is closed and empty.</returns>
    public async ValueTask<bool> WaitAsync(bool block)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_deferred.Count > 0 || _incoming.Count > 0 || _urgent.Count > 0)
                {
                    return true;
                }

                if (_closed)
                {
                    return false;
                }

                _asleep = true;
            }

            if (block)
            {
                _wake.Wait();
            }
            else
            {
                await _wake.WaitAsync();
            }
        }
    }

    /// <summary>Takes the next group: the oldest operations, each record once. A second operation on a record stays for a later group, and so does all that follows on that record.</summary>
    public void Take(List<WriteOperation> group)
    {
        _inGroup.Clear();
        _bytes = 0;
        _looks = maxGroupSize * LookAhead;
        lock (_gate)
        {
            while (_urgent.TryDequeue(out var operation))
            {
                group.Add(operation);
            }
        }

        while (HasRoom(group) && _deferred.TryDequeue(out var operation))
        {
            Place(operation, group);
        }

        // Newcomers are looked at only when all the older ones were: one of those may be on the same record. That is so here, as room does not come back.
        lock (_gate)
        {
            while (HasRoom(group) && _incoming.TryDequeue(out var operation))
            {
                Place(operation, group);
            }
        }

        while (_deferred.TryDequeue(out var operation))
        {
            _passedOver.Enqueue(operation);
        }

        (_deferred, _passedOver) = (_passedOver, _deferred);
    }

    /// <summary>Takes everything.</summary>
    public void TakeAll(List<WriteOperation> all)
    {
        all.AddRange(_deferred);
        _deferred.Clear();
        lock (_gate)
        {
            all.AddRange(_urgent);
            _urgent.Clear();
            all.AddRange(_incoming);
            _incoming.Clear();
        }
    }

    public void Dispose() => _wake.Dispose();

    private bool HasRoom(List<WriteOperation> group) => group.Count < maxGroupSize && _bytes < MaxGroupBytes && _looks > 0;

    private void Place(WriteOperation operation, List<WriteOperation> group)
    {
        _looks--;
        if (repeatsRecords || _inGroup.Add(operation.Id))
        {
            _bytes += operation.Size;
            group.Add(operation);
        }
        else
        {
            _passedOver.Enqueue(operation);
        }
    }
}
