using Akka.Actor;
using Akka.Cluster.Sharding;
using AkkaDurable.Internal.Couriers;
using AkkaDurable.Internal.Runtime;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AkkaDurable.Hosting.Internal.Health;

/// <summary>Whether this node's shard regions take part.</summary>
internal static class RegionsCheck
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    public static async Task<HealthCheckResult> CheckAsync(DurableServers servers, Address self, CancellationToken cancellationToken)
    {
        var finding = new Finding();
        var types = servers.Node.Types.OrderBy(type => type.Name, StringComparer.Ordinal).ToList();
        if (types.Count == 0)
        {
            finding.Unhealthy("No server type is registered on this node yet.");
        }

        var states = await Task.WhenAll(types.Select(type => StateOf(type, servers.Peers.RouteOf(type.Name), self, cancellationToken))).ConfigureAwait(false);
        foreach (var (type, state) in types.Zip(states))
        {
            finding.Figures[type.Name] = state.ToString();
        }

        Tell(State.Starting, "being registered on this node", isBad: true);
        Tell(State.Ended, "at its end on this node: its shard region has stopped, as before the node leaves", isBad: true);
        Tell(State.NoCoordinator, "without a coordinator that answers: servers that are known go on, shards without a home wait", isBad: false);
        Tell(State.NotKnown, "not known to its coordinator to run on this node: it gets no shards", isBad: false);
        return finding.Result($"{types.Count} server types take part in the cluster.");

        void Tell(State state, string what, bool isBad)
        {
            var names = types.Zip(states).Where(one => one.Second == state).Select(one => $"'{one.First.Name}'").ToList();
            if (names.Count > 0)
            {
                var text = $"{(names.Count == 1 ? "Server type" : "Server types")} {string.Join(", ", names)}: {what}.";
                _ = isBad ? finding.Unhealthy(text) : finding.Degraded(text);
            }
        }
    }

    private static async Task<State> StateOf(ServerType type, ServerRoute? route, Address self, CancellationToken cancellationToken)
    {
        if (route is null or { IsEnded: true })
        {
            return route is null ? State.Starting : State.Ended;
        }

        try
        {
            // Answered by the coordinator. A shard region that has none yet answers with nothing.
            var known = await route.Region.Ask<CurrentRegions>(GetCurrentRegions.Instance, s_patience, cancellationToken).ConfigureAwait(false);
            var runsHere = type.Shortcuts is not null;
            return known.Regions.Count == 0 ? State.NoCoordinator : !runsHere || known.Regions.Contains(self) ? State.TakesPart : State.NotKnown;
        }
        catch (AskTimeoutException)
        {
            return route.IsEnded ? State.Ended : State.NoCoordinator;
        }
    }

    private enum State
    {
        TakesPart,
        Starting,
        Ended,
        NoCoordinator,
        NotKnown,
    }
}
