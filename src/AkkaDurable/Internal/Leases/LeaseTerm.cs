namespace AkkaDurable.Internal.Leases;

/// <summary>One lease of this node, from its creation until it is lost. Fresh: no other node can have been granted what was claimed under it. Safe for concurrent use; read for each message.</summary>
internal sealed class LeaseTerm
{
    private readonly TimeProvider? _time;
    private long _freshUntil;
    private long _freshUntilUtc;
    private volatile bool _isLost;

    /// <param name="id">The lease's id in the store.</param>
    /// <param name="time">Its clocks.</param>
    /// <param name="deadline">When it stops being fresh unless it is renewed.</param>
    public LeaseTerm(long id, TimeProvider time, LeaseDeadline deadline)
    {
        Id = id;
        _time = time;
        Extend(deadline);
    }

    private LeaseTerm()
    {
    }

    /// <summary>For servers that run without a lease.</summary>
    public static LeaseTerm None { get; } = new();

    public long Id { get; }

    /// <summary>Renewals were refused: whatever was claimed under it may belong to others.</summary>
    public bool IsLost => _isLost;

    public bool IsFresh => _time is null || IsFreshAt(_time.GetTimestamp());

    /// <summary>The same for who has just looked at the monotonic clock.</summary>
    /// <param name="now">The time stamp that it showed.</param>
    public bool IsFreshAt(long now) => _time is null || (!_isLost && now < Volatile.Read(ref _freshUntil) && _time.GetUtcNow().UtcTicks < Volatile.Read(ref _freshUntilUtc));

    /// <summary>How long it is fresh without another renewal; zero: not any more. For people: what it says may be out of date at once.</summary>
    public TimeSpan Left
    {
        get
        {
            if (_time is null)
            {
                return Timeout.InfiniteTimeSpan;
            }

            if (!IsFresh)
            {
                return TimeSpan.Zero;
            }

            var monotonic = _time.GetElapsedTime(_time.GetTimestamp(), Volatile.Read(ref _freshUntil));
            var wall = TimeSpan.FromTicks(Volatile.Read(ref _freshUntilUtc) - _time.GetUtcNow().UtcTicks);
            return monotonic < wall ? monotonic : wall;
        }
    }

    // Who reads between the two sees one of them too early: not fresh for a moment, but never too long.
    public void Extend(LeaseDeadline deadline)
    {
        Volatile.Write(ref _freshUntil, deadline.TimeStamp);
        Volatile.Write(ref _freshUntilUtc, deadline.UtcTicks);
    }

    public void Lose() => _isLost = true;
}
