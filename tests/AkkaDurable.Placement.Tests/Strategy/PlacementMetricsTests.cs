using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using AkkaDurable.Placement.Internal.Directing;
using AkkaDurable.Placement.Internal.Telemetry;

namespace AkkaDurable.Placement.Tests.Strategy;

/// <summary>What placement tells by the meter "AkkaDurable".</summary>
public sealed class PlacementMetricsTests
{
    [Fact]
    public void Decisions_are_told_by_type_and_outcome_and_never_by_shard()
    {
        var type = $"type-{Guid.NewGuid():N}";
        var told = new ConcurrentQueue<(long Value, Dictionary<string, object?> Tags)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument is { Meter.Name: "AkkaDurable", Name: "akka_durable.placement.decisions" })
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            var all = new Dictionary<string, object?>(tags.ToArray());
            if (type.Equals(all["akka_durable.type"]))
            {
                told.Enqueue((value, all));
            }
        });
        listener.Start();

        PlacementMetrics.Note(type, new PlacementDecision("secret", PlacementOutcome.Place, PlacementReason.Running, "") { Level = 0, Location = new NodeLocation("eu-west") });
        PlacementMetrics.Note(type, new PlacementDecision("secret", PlacementOutcome.Place, PlacementReason.Fallback, "") { Level = 1, Location = new NodeLocation("us-east") });
        PlacementMetrics.Note(type, new PlacementDecision("secret", PlacementOutcome.Hold, PlacementReason.HistoryNotLoaded, ""));
        PlacementMetrics.Note(type, new PlacementDecision("secret", PlacementOutcome.Refuse, PlacementReason.HistoryNotLoaded, ""));

        Assert.Equal(["preferred", "fallback", "held", "refused"], told.Select(one => one.Tags["akka_durable.outcome"]));
        Assert.Equal(["eu-west", "us-east", null, null], told.Select(one => one.Tags["akka_durable.region"]));
        Assert.DoesNotContain(told, one => one.Tags.ContainsValue("secret"));
    }
}
