using AkkaDurable.Internal.Leases;

namespace AkkaDurable.Tests.Review;

/// <summary>A lease that is lost, and comes back, when the test says so.</summary>
internal sealed class TestLease(TimeProvider time) : INodeLease
{
    private TaskCompletionSource _changed = new();
    private TaskCompletionSource<LeaseTerm>? _fresh;

    public IReadOnlyList<long> RunOut() => [];

    public LeaseTerm Term { get; private set; } = new(1, time, LeaseDeadline.Never);

    public bool IsStoreAway { get; set; }

    public Task ChangedAsync() => _changed.Task;

    public ValueTask<LeaseTerm> FreshAsync() => Term.IsFresh ? new(Term) : new((_fresh ??= new()).Task);

    public Task<bool> UntilGoneAsync(long leaseId) => Task.FromResult(true);

    public void Lose() => Term.Lose();

    /// <summary>Whoever waits for a fresh term is told that there will be none for now.</summary>
    public void Fail()
    {
        IsStoreAway = true;
        var waiting = _fresh;
        _fresh = null;
        waiting?.SetException(new StoreUnavailableException("away"));
        Announce();
    }

    public void Renew()
    {
        IsStoreAway = false;
        Term = new(Term.Id + 1, time, LeaseDeadline.Never);
        var waiting = _fresh;
        _fresh = null;
        waiting?.SetResult(Term);
        Announce();
    }

    private void Announce()
    {
        var changed = _changed;
        _changed = new();
        changed.SetResult();
    }
}
