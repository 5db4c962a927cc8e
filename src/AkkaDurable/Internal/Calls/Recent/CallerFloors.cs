namespace AkkaDurable.Internal.Calls.Recent;

/// <summary>
/// Below which number nobody waits for a call of a node any more, as each of its calls tells. A server that is called from elsewhere has one of these, mostly of one or a few nodes.
/// Not safe for concurrent use.
/// </summary>
internal struct CallerFloors
{
    /// <summary>The most nodes; of more, those are forgotten that have not called for longest.</summary>
    public const int MostCallers = 1_024;

    private Floor[]? _floors;
    private int _count;

    /// <summary>About how many bytes it keeps from being collected.</summary>
    public readonly int Bytes => (_floors?.Length ?? 0) * System.Runtime.CompilerServices.Unsafe.SizeOf<Floor>();

    /// <summary>The floor of a node's calls; 0: none is known.</summary>
    public readonly long Of(long session)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_floors![i].Session == session)
            {
                return _floors[i].OpenFrom;
            }
        }

        return 0;
    }

    /// <summary>A node tells which is its oldest call still open.</summary>
    /// <param name="session">The node's.</param>
    /// <param name="openFrom">That call's number.</param>
    /// <param name="now">A time stamp.</param>
    /// <param name="before">What nodes have told up to then may be forgotten: nothing of theirs is under way any more.</param>
    public void Raise(long session, long openFrom, long now, long before)
    {
        for (var i = 0; i < _count; i++)
        {
            ref var floor = ref _floors![i];
            if (floor.Session == session)
            {
                floor = new Floor(session, Math.Max(floor.OpenFrom, openFrom), now);
                return;
            }
        }

        Place(before) = new Floor(session, openFrom, now);
    }

    private ref Floor Place(long before)
    {
        _floors ??= new Floor[1];
        if (_count == _floors.Length)
        {
            Forget(before);
        }

        if (_count == MostCallers)
        {
            return ref Oldest();
        }

        if (_count == _floors.Length)
        {
            Array.Resize(ref _floors, _count * 2);
        }

        return ref _floors[_count++];
    }

    private void Forget(long before)
    {
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            if (_floors![i].When >= before)
            {
                _floors[kept++] = _floors[i];
            }
        }

        _count = kept;
    }

    private readonly ref Floor Oldest()
    {
        var oldest = 0;
        for (var i = 1; i < _count; i++)
        {
            oldest = _floors![i].When < _floors[oldest].When ? i : oldest;
        }

        return ref _floors![oldest];
    }

    private readonly record struct Floor(long Session, long OpenFrom, long When);
}
