namespace AkkaDurable.Internal.Leases;

/// <summary>For servers that answer as long as they are in memory, and for probes.</summary>
internal sealed class NoLease : INodeLease
{
    public static NoLease Instance { get; } = new();

    public LeaseTerm Term => LeaseTerm.None;

    public bool IsStoreAway => false;

    public Task ChangedAsync() => Task.CompletedTask;

    public ValueTask<LeaseTerm> FreshAsync() => ValueTask.FromResult(LeaseTerm.None);

    // Nobody renews a lease here, so nobody may take one away; it goes when its holder's does.
    public Task<bool> UntilGoneAsync(long leaseId) => Task.FromResult(false);

    public IReadOnlyList<long> RunOut() => [];
}
