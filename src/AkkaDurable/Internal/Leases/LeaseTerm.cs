namespace AkkaDurable.Internal.Leases;

/// <summary>One lease of this node, from its creation until it is lost. Fresh: no other node can have been granted what was claimed under it. Safe for concurrent use; read for each message.</summary>
internal sealed class LeaseTerm
{
    private readonly TimeProvider? _time;
    private long _freshUntil;
    private volatile bool _isLost;

    /// <param name="id">The lease's id in the store.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="freshUntil">The time stamp at which it stops being fresh unless it is renewed.</param>
    public LeaseTerm(long id, TimeProvider time, long freshUntil)
    {
        Id = id;
        _time = time;
        _freshUntil = freshUntil;
    }

    private LeaseTerm()
    {
    }

    /// <summary>For servers that run without a lease.</summary>
    public static LeaseTerm None { get; } = new();

    public long Id { get; }

    /// <summary>Renewals were refused: whatever was claimed under it may belong to others.</summary>
    public bool IsLost => _isLost;

    public bool IsFresh => _time is null || (!_isLost && _time.GetTimestamp() < Volatile.Read(ref _freshUntil));

    public void Extend(long freshUntil) => Volatile.Write(ref _freshUntil, freshUntil);

    public void Lose() => _isLost = true;
}
