using AkkaDurable.Storage;

namespace AkkaDurable.Hosting.Tests;

/// <summary>A store that can be made not to renew leases, as when it is out of reach.</summary>
internal sealed class LeaseStore() : DelegatingStateStore(new InMemoryStateStore())
{
    public volatile bool IsAway;

    public override ValueTask CreateLeaseAsync(long id, string node, TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
        IsAway ? throw new StoreUnavailableException("the cable is out") : base.CreateLeaseAsync(id, node, timeToLive, cancellationToken);

    public override ValueTask<bool> RenewLeaseAsync(long id, CancellationToken cancellationToken = default) =>
        IsAway ? throw new StoreUnavailableException("the cable is out") : base.RenewLeaseAsync(id, cancellationToken);
}
