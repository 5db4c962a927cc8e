using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Akka.Util;
using AkkaDurable.Placement.Internal.Control;
using AkkaDurable.Placement.Internal.Directing;
using AkkaDurable.Placement.Internal.Telemetry;
using Microsoft.Extensions.Time.Testing;

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

    [Fact]
    public void A_node_tells_how_much_of_itself_is_in_use()
    {
        var node = $"akka.tcp://test@{Guid.NewGuid():N}:1";
        var told = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument is { Meter.Name: "AkkaDurable", Name: "akka_durable.capacity.utilization" })
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) =>
        {
            var all = new Dictionary<string, object?>(tags.ToArray());
            if (node.Equals(all["akka_durable.node"]))
            {
                told[(string)all["akka_durable.resource"]!] = value;
            }
        });
        listener.Start();
        var time = new FakeTimeProvider();
        var board = new PlacementBoard(node, time, TimeSpan.FromSeconds(10), _ => { });
        PlacementMetrics.Add(board);
        try
        {
            listener.RecordObservableInstruments();
            Assert.Empty(told);

            board.Set(new KnownNode(node, 1, new NodeLocation("eu"), AppVersion.Zero, "Up", NodeStatus.Up));
            board.Hear(new Gossip(node, 1, new NodeReport { Servers = 30, CpuPercent = 12.5, MemoryPercent = 40, DiskPercent = null, Limits = new CapacityLimits { MaxServers = 120 } }, []));
            listener.RecordObservableInstruments();
            Assert.Equal([("cpu", 0.125), ("memory", 0.4), ("servers", 0.25)], told.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => (one.Key, one.Value)));

            told.Clear();
            time.Advance(TimeSpan.FromSeconds(11));
            listener.RecordObservableInstruments();
            Assert.Empty(told);
        }
        finally
        {
            PlacementMetrics.Remove(board);
        }
    }
}
