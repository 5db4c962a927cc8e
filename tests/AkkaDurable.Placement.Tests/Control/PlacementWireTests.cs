using System.Runtime.Serialization;
using Akka.Actor;
using AkkaDurable.Placement.Internal.Control;

namespace AkkaDurable.Placement.Tests.Control;

public sealed class PlacementWireTests : IDisposable
{
    private readonly ActorSystem _system = ActorSystem.Create("wire", PlacementSerializer.Configuration);

    public void Dispose() => _system.Dispose();

    [Fact]
    public void Each_message_arrives_as_it_was_sent_by_our_own_serializer()
    {
        var location = new NodeLocation("eu", "z", null, new Dictionary<string, string> { ["rack"] = "1" });
        var report = new NodeReport
        {
            Servers = 3,
            ServersByType = new Dictionary<string, int> { ["t"] = 3 },
            CpuPercent = 12.5,
            DiskPercent = null,
            Limits = new CapacityLimits { MaxServers = 5, MaxServersByType = new Dictionary<string, int> { ["t"] = 4 }, MaxMemoryPercent = 80 },
        };
        var gossip = Sent(new Gossip("n", 7, report, [new StateEntry("k", "v", 9, "n")]));
        Assert.Equal((gossip.Node, gossip.Uid, gossip.Report!.CpuPercent, gossip.Report.DiskPercent, gossip.Report.Servers), ("n", 7, 12.5, null, 3));
        Assert.Equal(report.Limits, gossip.Report.Limits);
        Assert.Equal(report.ServersByType, gossip.Report.ServersByType);
        Assert.Equal([new StateEntry("k", "v", 9, "n")], gossip.Entries);

        var hold = new PlacementHold("t", "eu~1", PlacementReason.NoNode, "why", TimeSpan.FromSeconds(3), IsPinned: true);
        var holds = Sent(new Holds([hold, hold with { RemainingHold = null }], [("t", "x")]));
        Assert.Equal([hold, hold with { RemainingHold = null }], holds.Held);
        Assert.Equal([("t", "x")], holds.Placed);

        Assert.Equal(new Explain(1, "t", "s"), Sent(new Explain(1, "t", "s")));
        var decision = new PlacementDecision("s", PlacementOutcome.Place, PlacementReason.Near, "text")
        {
            Node = "n", Location = location, Level = 1, OpensAt = DateTimeOffset.UnixEpoch, RemainingHold = TimeSpan.Zero,
        };
        Assert.Equal(new Explained(2, decision), Sent(new Explained(2, decision)));
    }

    [Fact]
    public void Malformed_bytes_and_unknown_manifests_are_refused_as_such()
    {
        var serializer = new PlacementSerializer((ExtendedActorSystem)_system);
        var good = serializer.ToBinary(new Gossip("node", 7, null, [new StateEntry("k", "v", 9, "n")]));
        for (var length = 0; length < good.Length; length++)
        {
            Assert.Throws<SerializationException>(() => serializer.FromBinary(good[..length], "g1"));
        }

        Assert.Throws<SerializationException>(() => serializer.FromBinary([0, 0xff, 0xff, 0xff, 0x7f], "h1"));
        Assert.Throws<SerializationException>(() => serializer.FromBinary(good, "System.Object"));
    }

    private T Sent<T>(T message)
        where T : notnull
    {
        var serializer = Assert.IsType<PlacementSerializer>(_system.Serialization.FindSerializerFor(message));
        return Assert.IsType<T>(serializer.FromBinary(serializer.ToBinary(message), serializer.Manifest(message)));
    }
}
