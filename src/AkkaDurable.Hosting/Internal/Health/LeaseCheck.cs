using AkkaDurable.Internal.Leases;
using AkkaDurable.Internal.Runtime;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AkkaDurable.Hosting.Internal.Health;

/// <summary>Whether the servers of this node may answer.</summary>
internal static class LeaseCheck
{
    public static HealthCheckResult Check(DurableNode node)
    {
        var finding = new Finding();
        if (node.Lease is not NodeLeaseKeeper keeper)
        {
            return finding.Result("This node runs no servers, and has no lease.");
        }

        var term = keeper.Term;
        var left = Math.Round(term.Left.TotalSeconds, 1);
        finding.Figures["lease"] = term.Id;
        finding.Figures["secondsLeft"] = left;
        if (!term.IsFresh)
        {
            finding.Unhealthy(
                keeper.IsRenewalFailing ? "This node's lease has run out, and the state store does not renew it: the servers here answer nobody until it does."
                : term.IsLost ? "This node's lease was taken away or given back, and it has no other one: the servers here answer nobody."
                : "This node's lease has run out, as after a pause of the process: the servers here answer nobody until it is renewed.");
        }
        else if (keeper.IsRenewalFailing)
        {
            finding.Degraded(FormattableString.Invariant($"The state store does not renew this node's lease; in {left:0.0} s the servers here stop answering."));
        }
        else if (keeper.IsOnProbation)
        {
            finding.Degraded("This node's lease was taken away a moment ago, as from a node that is cut off or stands still. It has another one, but takes none from other nodes for now.");
        }

        return finding.Result("This node's lease is renewed in time.");
    }
}
