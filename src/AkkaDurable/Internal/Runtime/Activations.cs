namespace AkkaDurable.Internal.Runtime;

/// <summary>
/// The running servers of one type on this node. One timer asks the idle ones to passivate; beyond the limit the least recently used are asked to leave. Idle servers cost no timer of their own.
/// </summary>
internal sealed class Activations : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _passivateAfter;
    private readonly int? _limit;
    private readonly ITimer? _sweep;

    // A list through the servers themselves.
    private Activation? _newest;
    private int _count;
    private int _evictionsWanted;

    public Activations(TimeProvider time, TimeSpan passivateAfter, int? limit)
    {
        _time = time;
        _passivateAfter = passivateAfter;
        _limit = limit;
        if (passivateAfter != Timeout.InfiniteTimeSpan)
        {
            // Servers passivate at most a quarter later than they could.
            var interval = TimeSpan.FromTicks(Math.Max(passivateAfter.Ticks / 4, TimeSpan.FromMilliseconds(10).Ticks));
            _sweep = time.CreateTimer(static table => ((Activations)table!).PassivateIdle(), this, interval, interval);
        }
    }

    public int Count => Volatile.Read(ref _count);

    /// <summary>The servers in the table at this moment.</summary>
    public IEnumerable<ServerProcess> Running => Count == 0 ? [] : Find(static _ => true).OfType<ServerProcess>();

    public void Add(Activation activation, TimeProvider time)
    {
        activation.Touch(time);
        activation.IsLeaving = false;
        if (TryList(activation) && Count > _limit)
        {
            EvictLeastRecentlyUsed();
        }
    }

    public void Remove(Activation activation)
    {
        lock (_gate)
        {
            if (!activation.IsListed)
            {
                return;
            }

            if (activation.Previous is { } previous)
            {
                previous.Next = activation.Next;
            }
            else
            {
                _newest = activation.Next;
            }

            if (activation.Next is { } next)
            {
                next.Previous = activation.Previous;
            }

            activation.Previous = activation.Next = null;
            activation.IsListed = false;
            _count--;
        }
    }

    public void Dispose() => _sweep?.Dispose();

    private bool TryList(Activation activation)
    {
        lock (_gate)
        {
            if (activation.IsListed)
            {
                return false;
            }

            activation.Next = _newest;
            if (_newest is not null)
            {
                _newest.Previous = activation;
            }

            _newest = activation;
            activation.IsListed = true;
            _count++;
            return true;
        }
    }

    // Copied, so that no server that starts or stops waits until all are asked.
    public List<Activation> Find(Func<Activation, bool> wanted)
    {
        List<Activation> found = [];
        lock (_gate)
        {
            for (var activation = _newest; activation is not null; activation = activation.Next)
            {
                if (wanted(activation))
                {
                    found.Add(activation);
                }
            }
        }

        return found;
    }

    private void PassivateIdle()
    {
        foreach (var activation in Find(activation => !activation.Stays && _time.GetElapsedTime(activation.LastUsed) >= _passivateAfter))
        {
            activation.Ask(new PassivateServer(Evict: false));
        }
    }

    // One thread at a time looks through the table; the others leave their wish to that one. Those asked before are still counted until they are gone, so they are left out here.
    private void EvictLeastRecentlyUsed()
    {
        if (Interlocked.Increment(ref _evictionsWanted) != 1)
        {
            return;
        }

        int seen;
        do
        {
            seen = Volatile.Read(ref _evictionsWanted);
            var staying = Find(static activation => activation is { IsLeaving: false, Stays: false });
            foreach (var activation in staying.OrderBy(activation => activation.LastUsed).Take(staying.Count - _limit!.Value))
            {
                activation.IsLeaving = true;
                activation.Ask(new PassivateServer(Evict: true));
            }
        }
        while (Interlocked.CompareExchange(ref _evictionsWanted, 0, seen) != seen);
    }
}
