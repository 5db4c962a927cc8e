using System.Text;
using Akka.Actor;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Couriers;
using AkkaDurable.Internal.Telemetry;
using AkkaDurable.Internal.Wire;

namespace AkkaDurable.Cluster.Tests;

/// <summary>
/// What went over the wire once must be read for ever: nodes of two versions run side by side in a rolling update. Each file holds one message as hex. A message that is written differently gets a new file, and
/// the old one stays, to be read.
/// </summary>
public sealed class WireGoldenTests(TwoNodeCluster cluster) : IClassFixture<TwoNodeCluster>
{
    private WireSerializer Serializer => new((ExtendedActorSystem)cluster.First.System);

    public static TheoryData<string> Names => [.. Messages.Keys];

    // By name, with the manifest in it, and as what the message must be read.
    private static Dictionary<string, IWireMessage> Messages => new()
    {
        ["call.c1"] = new CallEnvelope("tally", "k/é🧮", 0x1_0000_0007, new EncodedPayload("Shop.Increment", """{"By":3}"""u8.ToArray())),
        ["cast.t1"] = new CastEnvelope("tally", "k", new EncodedPayload("Shop.Reset", "{}"u8.ToArray())),
        ["control-start.x1"] = new ControlEnvelope("tally", "k", 7, ControlVerb.Start, new EncodedPayload("", """{"Count":5}"""u8.ToArray())),
        ["control-info.x1"] = new ControlEnvelope("tally", "k", 7, ControlVerb.Info),
        ["reply.r1"] = new ReplyEnvelope(9, new EncodedPayload("", "42"u8.ToArray())),
        ["failure.r1"] = new ReplyEnvelope(9, null, new CallFailure(FailureKind.StateTooLarge, "too large") { Outcome = CallOutcome.Unknown, Actual = 5, Expected = 4 }),
        ["failure-crashed.r1"] = new ReplyEnvelope(9, null, new CallFailure(FailureKind.Crashed, "crashed")
        {
            Crashes = [new(DateTimeOffset.UnixEpoch.AddMilliseconds(1), "InvalidOperationException: bäm", "akka.tcp://a@b:1"), new(DateTimeOffset.UnixEpoch.AddHours(1), "", "")],
        }),
        ["control-stop-permanently.x1"] = new ControlEnvelope("tally", "k", 7, ControlVerb.StopPermanently),
        ["control-cordon.x1"] = new ControlEnvelope("tally", "k", 7, ControlVerb.Cordon),
        ["control-uncordon.x1"] = new ControlEnvelope("tally", "k", 7, ControlVerb.Uncordon),
        ["call-traced.c1"] = new CallEnvelope("tally", "k", 7, new EncodedPayload("Shop.Increment", """{"By":3}"""u8.ToArray())) { Trace = Trace },
        ["cast-traced.t1"] = new CastEnvelope("tally", "k", new EncodedPayload("Shop.Reset", "{}"u8.ToArray())) { Trace = Trace },
        ["control-traced.x1"] = new ControlEnvelope("tally", "k", 7, ControlVerb.Stop) { Trace = Trace },
        ["control-recover.x1"] = new ControlEnvelope("tally", "k", 7, ControlVerb.Recover),
    };

    private static TraceOrigin Trace => TraceOrigin.Read("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "shop=t61rcWkgMzE")!;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_message_is_written_and_read_as_ever(string name)
    {
        var golden = Convert.FromHexString(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", name + ".hex")).Trim());
        var message = Messages[name];
        Assert.Equal(Convert.ToHexString(golden), Convert.ToHexString(Serializer.ToBinary(message)));
        Assert.Equal(Show(message), Show((IWireMessage)Serializer.FromBinary(golden, name[(name.LastIndexOf('.') + 1)..])));
    }

    [Fact]
    public void A_batch_is_written_and_read_as_ever()
    {
        var golden = Convert.FromHexString(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "batch.b1.hex")).Trim());
        (EntryKind Kind, string Name)[] entries =
        [
            (EntryKind.Call, "call.c1"), (EntryKind.Cast, "cast.t1"), (EntryKind.Control, "control-info.x1"), (EntryKind.Reply, "reply.r1"),
            (EntryKind.ReturnedCall, "call.c1"), (EntryKind.ReturnedCast, "cast.t1"), (EntryKind.ReturnedControl, "control-info.x1"),
        ];
        var queue = new BatchQueue(64_000, 64_000, long.MaxValue);
        foreach (var (kind, name) in entries)
        {
            queue.Append(kind, Serializer.ToBinary(Messages[name]), now: 0, out _);
        }

        Assert.Equal(Convert.ToHexString(golden), Convert.ToHexString(queue.Take(now: 0, out _).Bytes));

        var reader = new BatchReader(Assert.IsType<IncomingBatch>(Serializer.FromBinary(golden, WireSerializer.BatchManifest)).Bytes.Span);
        foreach (var (kind, name) in entries)
        {
            Assert.True(reader.TryRead(out var read, out var body));
            Assert.Equal(kind, read);
            Assert.Equal(Show(Messages[name]), Show(WireSerializer.Read(body, kind.Manifest()!)));
        }

        Assert.False(reader.TryRead(out _, out _));
        Assert.Null(reader.Defect);
    }

    private static string Show(IWireMessage message) => message switch
    {
        CallEnvelope call => $"call {call.ServerType} {call.Key} {call.CorrelationId} {Show(call.Payload)}{Show(call.Trace)}",
        CastEnvelope cast => $"cast {cast.ServerType} {cast.Key} {Show(cast.Payload)}{Show(cast.Trace)}",
        ControlEnvelope control => $"control {control.ServerType} {control.Key} {control.CorrelationId} {control.Verb} {Show(control.InitialState)}{Show(control.Trace)}",
        ReplyEnvelope reply => $"reply {reply.CorrelationId} {Show(reply.Value)} {(reply.Failure is null ? null : reply.Failure with { Crashes = [] })} {string.Join(", ", reply.Failure?.Crashes ?? [])}",
        _ => throw new ArgumentOutOfRangeException(nameof(message)),
    };

    private static string Show(TraceOrigin? trace) => trace is null ? "" : $" {trace.Parent} {trace.State}";

    private static string Show(object? payload) => payload is EncodedPayload encoded ? $"{encoded.Alias}:{Encoding.UTF8.GetString(encoded.Json.Span)}" : "none";
}
