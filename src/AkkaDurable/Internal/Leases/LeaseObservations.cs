using AkkaDurable.Storage;

namespace AkkaDurable.Internal.Leases;

/// <summary>
/// What this node has seen of the others' leases: when it first saw the number of renewals that each has. A lease has run out for its holder, whatever its clock says, once it was not renewed for its time to live from
/// that moment on: the holder counts from before it asked for the renewal, so from earlier. Pure but for the clock's time stamps; not safe for concurrent use.
/// </summary>
internal sealed class LeaseObservations(TimeProvider time)
{
    // Clocks of two machines may run at slightly different speeds.
    private const double Margin = 1.02;

    // Nobody may ever ask for what a lost node held.
    private const int ForgottenAfter = 12;

    private readonly Dictionary<long, Seen> _seen = [];

    /// <summary>Takes in what was read from the store just now.</summary>
    public void Take(IReadOnlyList<NodeLease> leases)
    {
        var now = time.GetTimestamp();
        foreach (var lease in leases)
        {
            if (!_seen.TryGetValue(lease.Id, out var seen) || seen.Lease.Renewals != lease.Renewals)
            {
                _seen[lease.Id] = new Seen(lease, now);
            }
        }

        if (_seen.Count > leases.Count)
        {
            var there = leases.Select(lease => lease.Id).ToHashSet();
            foreach (var gone in _seen.Keys.Where(id => !there.Contains(id)).ToList())
            {
                _seen.Remove(gone);
            }
        }
    }

    /// <summary>Whether a lease, if it still has so many renewals, has run out.</summary>
    public bool HasRunOut(NodeLease lease) =>
        _seen.TryGetValue(lease.Id, out var seen) && seen.Lease.Renewals == lease.Renewals && time.GetElapsedTime(seen.At) >= lease.TimeToLive * Margin;

    /// <summary>Leases that had run out when they were looked at last.</summary>
    public IReadOnlyList<long> RunOut() => [.. _seen.Values.Where(seen => time.GetElapsedTime(seen.At) >= seen.Lease.TimeToLive * Margin).Select(seen => seen.Lease.Id)];

    /// <summary>Leases that ran out long ago.</summary>
    public IReadOnlyList<NodeLease> Forgotten() =>
        [.. _seen.Values.Where(seen => time.GetElapsedTime(seen.At) >= seen.Lease.TimeToLive * ForgottenAfter).Select(seen => seen.Lease)];

    private readonly record struct Seen(NodeLease Lease, long At);
}
