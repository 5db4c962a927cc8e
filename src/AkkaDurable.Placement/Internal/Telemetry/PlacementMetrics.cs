using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using AkkaDurable.Placement.Internal.Control;
using AkkaDurable.Placement.Internal.Strategy;

namespace AkkaDurable.Placement.Internal.Telemetry;

/// <summary>What placement tells by the meter "AkkaDurable". Safe for concurrent use; costs nothing while nobody listens.</summary>
internal static class PlacementMetrics
{
    private const string TypeTag = "akka_durable.type";

    private static readonly Meter s_meter = new("AkkaDurable", typeof(PlacementMetrics).Assembly.GetName().Version?.ToString(3));
    private static readonly ConcurrentDictionary<ShardPlacer, string> s_placers = new();
    private static readonly ConcurrentDictionary<PlacementBoard, byte> s_boards = new();

    private static readonly Counter<long> s_decisions = s_meter.CreateCounter<long>("akka_durable.placement.decisions", "{decision}", "Decisions about shards: placed on the preferred level or a later one, held, or refused.");

    static PlacementMetrics()
    {
        s_meter.CreateObservableUpDownCounter(
            "akka_durable.placement.pending",
            static () => s_placers.Select(placer => new Measurement<int>(placer.Key.Waiting, new KeyValuePair<string, object?>(TypeTag, placer.Value))),
            "{shard}",
            "Shards that wait for a place, as their coordinator knows.");
        s_meter.CreateObservableGauge("akka_durable.capacity.utilization", static () => s_boards.Keys.SelectMany(Capacity), "1", "How much of what the node may use is in use, as it reported last.");
    }

    public static void Add(ShardPlacer placer, string typeName) => s_placers[placer] = typeName;

    public static void Remove(ShardPlacer placer) => s_placers.TryRemove(placer, out _);

    public static void Add(PlacementBoard board) => s_boards[board] = 0;

    public static void Remove(PlacementBoard board) => s_boards.TryRemove(board, out _);

    public static void Note(string typeName, PlacementDecision decision)
    {
        if (!s_decisions.Enabled)
        {
            return;
        }

        var outcome = decision.Outcome switch
        {
            PlacementOutcome.Place => decision.Level is null or 0 ? "preferred" : "fallback",
            PlacementOutcome.Hold => "held",
            _ => "refused",
        };
        s_decisions.Add(1, new(TypeTag, typeName), new("akka_durable.outcome", outcome), new("akka_durable.region", decision.Location?.Region));
    }

    // Of the node itself; each node tells of its own.
    private static IEnumerable<Measurement<double>> Capacity(PlacementBoard board)
    {
        if (board.Own is not { } report)
        {
            yield break;
        }

        (string Resource, double? Percent)[] uses =
        [
            ("cpu", report.CpuPercent), ("memory", report.MemoryPercent), ("disk", report.DiskPercent), ("servers", report.Limits.MaxServers is > 0 and { } most ? 100.0 * report.Servers / most : null),
        ];
        foreach (var (resource, percent) in uses)
        {
            if (percent is { } known)
            {
                yield return new(known / 100, new("akka_durable.resource", resource), new("akka_durable.node", board.Self));
            }
        }
    }
}
