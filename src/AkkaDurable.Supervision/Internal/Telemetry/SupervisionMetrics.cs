using System.Diagnostics.Metrics;

namespace AkkaDurable.Supervision.Internal.Telemetry;

/// <summary>What supervision tells by the meter "AkkaDurable". No id of a child is among the tags: dynamic supervisors have any number of them. Safe for concurrent use; costs nothing while nobody listens.</summary>
internal static class SupervisionMetrics
{
    private static readonly Meter s_meter = new("AkkaDurable", typeof(SupervisionMetrics).Assembly.GetName().Version?.ToString(3));

    private static readonly Counter<long> s_restarts = s_meter.CreateCounter<long>("akka_durable.supervisor.restarts", "{restart}", "Children that their supervisor has started again.");

    /// <param name="treeId">The id of the tree's root.</param>
    /// <param name="supervisor">The supervisor's spec.</param>
    /// <param name="count">How many.</param>
    public static void Restarted(string treeId, ChildSpec supervisor, long count)
    {
        if (s_restarts.Enabled)
        {
            s_restarts.Add(count, new("akka_durable.tree", treeId), new("akka_durable.strategy", NameOf(supervisor)));
        }
    }

    private static string NameOf(ChildSpec supervisor) => supervisor switch
    {
        SupervisorSpec { Strategy: RestartStrategy.OneForOne } => "one_for_one",
        SupervisorSpec { Strategy: RestartStrategy.OneForAll } => "one_for_all",
        SupervisorSpec { Strategy: RestartStrategy.RestForOne } => "rest_for_one",
        DynamicSupervisorSpec => "dynamic",
        _ => "other",
    };
}
