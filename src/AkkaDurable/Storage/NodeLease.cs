namespace AkkaDurable.Storage;

/// <summary>
/// One row of the lease table: the right of a node to answer for the servers that it claimed under it, for <paramref name="TimeToLive"/> from each renewal on. Nobody compares clocks: the node counts from before it
/// asked for the renewal, others from after they first saw <paramref name="Renewals"/>.
/// </summary>
/// <param name="Id">A random number, never 0 and never used twice.</param>
/// <param name="Node">The node, for people to read.</param>
/// <param name="TimeToLive">How long a renewal is good for.</param>
/// <param name="Renewals">How often it has been renewed. It grows by one each time.</param>
/// <param name="IsRevoked">Whether somebody took it away: it cannot be renewed any more.</param>
public sealed record NodeLease(long Id, string Node, TimeSpan TimeToLive, long Renewals, bool IsRevoked);
