using Akka.Actor;
using Akka.Cluster.Sharding;
using AkkaDurable.Internal.Runtime;
using AkkaDurable.Placement;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AkkaDurable.Hosting.Internal.Health;

/// <summary>Whether this node takes shards, and whether shards are where they belong.</summary>
internal static class PlacementCheck
{
    private const string Up = "Up";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    public static async Task<HealthCheckResult> CheckAsync(DurableServers servers, CancellationToken cancellationToken)
    {
        var finding = new Finding();
        var node = servers.Node;
        if (node.Placement is not { } placement)
        {
            return finding.Unhealthy("Placement has not begun on this node: no server type is registered yet.").Result("");
        }

        CheckSelf(placement, node.Address, finding);
        var held = node.Types.SelectMany(static type => type.Holds.All).OrderBy(static hold => hold.TypeName, StringComparer.Ordinal).ThenBy(static hold => hold.Shard, StringComparer.Ordinal).ToList();
        finding.Figures["waiting"] = held.Count;
        if (held.Count > 0)
        {
            var first = held[0];
            finding.Degraded($"{held.Count} {(held.Count == 1 ? "shard waits" : "shards wait")} for a place, such as {first.Shard} of '{first.TypeName}': {first.Text.TrimEnd('.')}.");
        }

        await CheckAwayAsync(servers, placement, finding, cancellationToken).ConfigureAwait(false);
        return finding.Result("This node takes shards, and all that are here are at home.");
    }

    private static void CheckSelf(IPlacementControl placement, string address, Finding finding)
    {
        finding.Figures["location"] = placement.Location.ToString();
        if (placement.Nodes.FirstOrDefault(info => info.Node == address) is not { } self)
        {
            finding.Unhealthy("This node is no member of the cluster, so nothing is placed on it.");
            return;
        }

        finding.Figures["status"] = self.Status;
        if (self.Status != Up)
        {
            finding.Unhealthy($"This node is {self.Status} in the cluster, not {Up}, so nothing is placed on it.");
        }
        else if (self.Report is null)
        {
            finding.Unhealthy("This node has not reported about itself lately, so nothing is placed on it.");
        }

        if (self.IsDraining)
        {
            finding.Degraded("This node is being drained: its shards go elsewhere.");
        }
        else if (self.IsCordoned)
        {
            finding.Degraded("This node is cordoned: it keeps its shards and takes no more.");
        }
    }

    private static async Task CheckAwayAsync(DurableServers servers, IPlacementControl placement, Finding finding, CancellationToken cancellationToken)
    {
        var counts = await Task.WhenAll(servers.Node.Types
            .Where(static type => type.Layout.HasRegions && type.Shortcuts is not null)
            .OrderBy(static type => type.Name, StringComparer.Ordinal)
            .Select(type => AwayOf(servers, type, placement.Location.Region, cancellationToken))).ConfigureAwait(false);
        finding.Figures["away"] = counts.Sum(static of => of.Count);
        foreach (var (type, count, home) in counts.Where(static of => of.Count > 0))
        {
            finding.Degraded($"{count} {(count == 1 ? "shard" : "shards")} of '{type}' {(count == 1 ? "runs" : "run")} here, away from home ({home}).");
        }
    }

    private static async Task<(string Type, int Count, string Home)> AwayOf(DurableServers servers, ServerType type, string? region, CancellationToken cancellationToken)
    {
        if (servers.Peers.RouteOf(type.Name) is not { IsEnded: false } route)
        {
            return (type.Name, 0, "");
        }

        try
        {
            var stats = await route.Region.Ask<ShardRegionStats>(GetShardRegionStats.Instance, s_patience, cancellationToken).ConfigureAwait(false);
            var away = stats.Stats.Keys.Select(ShardName.HomeRegionOf).Where(home => home is not null && home != region).ToList();
            return (type.Name, away.Count, string.Join(", ", away.Distinct().Order(StringComparer.Ordinal)));
        }
        catch (AskTimeoutException)
        {
            // That is for the check of the regions to tell.
            return (type.Name, 0, "");
        }
    }
}
