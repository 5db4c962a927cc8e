using Akka.Actor;
using Akka.Cluster;

namespace AkkaDurable.Sql.Internal.Leasing;

/// <summary>Tells whether the owner of a lease is on this node's side of a cluster that may be split.</summary>
internal static class ClusterSide
{
    /// <param name="system">This node.</param>
    /// <param name="owner">The owner's name: <c>system@host:port</c>.</param>
    /// <returns>Whether a member of this address can be reached, as far as this side of the cluster knows.</returns>
    public static bool Has(ActorSystem system, string owner)
    {
        var state = Cluster.Get(system).State;
        return state.Members.Any(member => member.Address.HostPort() == owner && IsHere(member.Status) && !state.Unreachable.Contains(member));
    }

    private static bool IsHere(MemberStatus status) => status is MemberStatus.Up or MemberStatus.WeaklyUp or MemberStatus.Leaving;
}
