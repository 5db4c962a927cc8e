using AkkaDurable.Storage;

namespace AkkaDurable.Internal.Storage;

/// <summary>The leases of an in-memory store. Safe for concurrent use.</summary>
internal sealed class InMemoryLeases
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, NodeLease> _leases = [];

    public void Create(long id, string node, TimeSpan timeToLive)
    {
        lock (_gate)
        {
            _leases.TryAdd(id, new NodeLease(id, node, timeToLive, 0, false));
        }
    }

    public bool Exists(long id)
    {
        lock (_gate)
        {
            return _leases.ContainsKey(id);
        }
    }

    public bool Renew(long id)
    {
        lock (_gate)
        {
            if (!_leases.TryGetValue(id, out var lease) || lease.IsRevoked)
            {
                return false;
            }

            _leases[id] = lease with { Renewals = lease.Renewals + 1 };
            return true;
        }
    }

    public void Revoke(long id)
    {
        lock (_gate)
        {
            if (_leases.TryGetValue(id, out var lease))
            {
                _leases[id] = lease with { IsRevoked = true };
            }
        }
    }

    public bool Delete(long id, long? renewals)
    {
        lock (_gate)
        {
            if (_leases.TryGetValue(id, out var lease) && renewals is { } expected && lease.Renewals != expected)
            {
                return false;
            }

            _leases.Remove(id);
            return true;
        }
    }

    public IReadOnlyList<NodeLease> List()
    {
        lock (_gate)
        {
            return [.. _leases.Values];
        }
    }
}
