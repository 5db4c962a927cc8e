using System.Diagnostics;
using Akka.Actor;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Telemetry;
using AkkaDurable.Internal.Wire;
using Google.Protobuf;
using V1 = AkkaDurable.Internal.Wire.V1;

namespace AkkaDurable.Cluster.Tests;

/// <summary>Trace context on the wire, between versions that know of it and versions that do not.</summary>
public sealed class TraceWireTests(TwoNodeCluster cluster) : IClassFixture<TwoNodeCluster>
{
    private const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private const string State = "shop=t61rcWkgMzE";

    private WireSerializer Serializer => new((ExtendedActorSystem)cluster.First.System);

    public static TheoryData<string> Manifests => [WireSerializer.CallManifest, WireSerializer.CastManifest, WireSerializer.ControlManifest];

    [Theory]
    [MemberData(nameof(Manifests))]
    public void An_older_node_finds_all_that_it_knows_and_behind_that_two_fields_to_pass_over(string manifest)
    {
        var untraced = Serializer.ToBinary(Message(manifest, trace: null));
        var traced = Serializer.ToBinary(Message(manifest, TraceOrigin.Read(Parent, State)));
        Assert.Equal(Convert.ToHexString(untraced), Convert.ToHexString(traced.AsSpan(0, untraced.Length)));

        var rest = new CodedInputStream(traced, untraced.Length, traced.Length - untraced.Length);
        var parentTag = rest.ReadTag();
        Assert.Equal((WireFormat.WireType.LengthDelimited, Parent), (WireFormat.GetTagWireType(parentTag), rest.ReadString()));
        Assert.Equal(parentTag + 8, rest.ReadTag());
        Assert.Equal(State, rest.ReadString());
        Assert.True(rest.IsAtEnd);
    }

    [Theory]
    [MemberData(nameof(Manifests))]
    public void What_an_older_node_sends_has_no_trace(string manifest) =>
        Assert.Null(((ServerEnvelope)Serializer.FromBinary(Serializer.ToBinary(Message(manifest, trace: null)), manifest)).Trace);

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331")]
    public void A_trace_that_says_nothing_harms_no_message(string parent)
    {
        var call = new V1.Call { ServerType = "tally", Key = "k", CorrelationId = 7, TraceParent = parent, TraceState = State };
        var read = Assert.IsType<CallEnvelope>(Serializer.FromBinary(call.ToByteArray(), WireSerializer.CallManifest));
        Assert.Equal(("k", null), (read.Key, read.Trace));

        var cast = new V1.Cast { ServerType = "tally", Key = "k", TraceParent = parent };
        Assert.Null(Assert.IsType<CastEnvelope>(Serializer.FromBinary(cast.ToByteArray(), WireSerializer.CastManifest)).Trace);
    }

    [Fact]
    public void A_state_that_is_too_long_is_left_out_on_both_ends()
    {
        var state = "shop=" + new string('x', 600);
        using var span = new Activity("long") { TraceStateString = state, ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();
        var call = new CallEnvelope("tally", "k", 7, new EncodedPayload("a", default)) { Trace = TraceOrigin.Of(span) };
        Assert.Equal((span.Id, ""), (V1.Call.Parser.ParseFrom(Serializer.ToBinary(call)) is var sent ? sent.TraceParent : "", sent.TraceState));

        var got = new V1.Call { ServerType = "tally", Key = "k", TraceParent = Parent, TraceState = state };
        var read = Assert.IsType<CallEnvelope>(Serializer.FromBinary(got.ToByteArray(), WireSerializer.CallManifest));
        Assert.Equal((Parent, ""), (read.Trace!.Parent, read.Trace.State));
    }

    private static ServerEnvelope Message(string manifest, TraceOrigin? trace) => manifest switch
    {
        WireSerializer.CallManifest => new CallEnvelope("tally", "k", 7, new EncodedPayload("a", "{}"u8.ToArray())) { Id = new CallId(1, 2, 3, "given"), IsRepeat = true, Trace = trace },
        WireSerializer.CastManifest => new CastEnvelope("tally", "k", new EncodedPayload("a", "{}"u8.ToArray())) { Trace = trace },
        _ => new ControlEnvelope("tally", "k", 7, ControlVerb.Stop) { Trace = trace },
    };
}
