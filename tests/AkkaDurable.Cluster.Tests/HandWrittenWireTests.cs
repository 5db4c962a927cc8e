using System.Runtime.Serialization;
using Akka.Actor;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Telemetry;
using AkkaDurable.Internal.Wire;
using Google.Protobuf;
using V1 = AkkaDurable.Internal.Wire.V1;

namespace AkkaDurable.Cluster.Tests;

/// <summary>Calls and replies are written and read by hand, for speed. What the code says that is generated from WireMessages.proto is right.</summary>
public sealed class HandWrittenWireTests(TwoNodeCluster cluster) : IClassFixture<TwoNodeCluster>
{
    private static readonly string[] s_texts = ["", "k", "tally", "k/é🧮", new('x', 127), new('ü', 64), new('y', 300)];
    private static readonly long[] s_numbers = [0, 1, 127, 128, 0x1_0000_0007, long.MaxValue, -1, long.MinValue];

    private WireSerializer Serializer => new((ExtendedActorSystem)cluster.First.System);

    [Fact]
    public void Calls_are_written_and_read_as_the_generated_code_does()
    {
        var serializer = Serializer;
        var random = new Random(815);
        for (var i = 0; i < 5_000; i++)
        {
            var expected = new V1.Call
            {
                ServerType = Text(random),
                Key = Text(random),
                CorrelationId = Number(random),
                Alias = Text(random),
                Json = ByteString.CopyFrom(Bytes(random)),
                Session = Number(random),
                Sequence = Number(random),
                OpenFrom = Number(random),
                IsRepeat = random.Next(2) == 1,
                IsWithdrawn = random.Next(2) == 1,
            };
            if (random.Next(2) == 1)
            {
                expected.GivenId = Text(random);
            }

            if (random.Next(2) == 1)
            {
                expected.TraceParent = $"00-{random.NextInt64(1, long.MaxValue):x32}-{random.NextInt64(1, long.MaxValue):x16}-0{random.Next(2)}";
                expected.TraceState = random.Next(2) == 1 ? "shop=1,other=2" : "";
            }

            var call = new CallEnvelope(expected.ServerType, expected.Key, expected.CorrelationId, new EncodedPayload(expected.Alias, expected.Json.Memory))
            {
                Id = new CallId(expected.Session, expected.Sequence, expected.OpenFrom, expected.HasGivenId ? expected.GivenId : null),
                IsRepeat = expected.IsRepeat,
                Trace = TraceOrigin.Read(expected.TraceParent, expected.TraceState),
            };
            if (expected.IsWithdrawn)
            {
                Assert.True(call.TryWithdraw());
            }

            var bytes = expected.ToByteArray();
            Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(serializer.WriteInPlace(call)));

            var read = Assert.IsType<CallEnvelope>(serializer.FromBinary(bytes, WireSerializer.CallManifest));
            Assert.Equal((call.ServerType, call.Key, call.CorrelationId, call.Id, call.IsRepeat), (read.ServerType, read.Key, read.CorrelationId, read.Id, read.IsRepeat));
            Assert.Equal(!expected.IsWithdrawn, read.TryTake());
            Assert.Equal((expected.TraceParent, expected.TraceState), (read.Trace?.Parent ?? "", read.Trace?.State ?? ""));
            var payload = Assert.IsType<EncodedPayload>(read.Payload);
            Assert.Equal((expected.Alias, Convert.ToHexString(expected.Json.Span)), (payload.Alias, Convert.ToHexString(payload.Json.Span)));
        }
    }

    [Fact]
    public void Replies_are_written_and_read_as_the_generated_code_does()
    {
        var serializer = Serializer;
        var random = new Random(816);
        for (var i = 0; i < 2_000; i++)
        {
            var expected = new V1.Reply { CorrelationId = Number(random), Json = ByteString.CopyFrom(Bytes(random)) };
            var bytes = expected.ToByteArray();
            Assert.Equal(
                Convert.ToHexString(bytes),
                Convert.ToHexString(serializer.WriteInPlace(new ReplyEnvelope(expected.CorrelationId, new EncodedPayload("", expected.Json.Memory)))));

            var read = Assert.IsType<ReplyEnvelope>(serializer.FromBinary(bytes, WireSerializer.ReplyManifest));
            Assert.Equal(expected.CorrelationId, read.CorrelationId);
            Assert.Equal(Convert.ToHexString(expected.Json.Span), Convert.ToHexString(Assert.IsType<EncodedPayload>(read.Value).Json.Span));
        }
    }

    [Fact]
    public void Fields_of_a_newer_version_are_passed_over()
    {
        // Of each type a field 99: a number, eight bytes, a text, four bytes.
        byte[] newer = [0x98, 0x06, 0x96, 0x01, 0x99, 0x06, 1, 2, 3, 4, 5, 6, 7, 8, 0x9A, 0x06, 0x02, 0x61, 0x62, 0x9D, 0x06, 1, 2, 3, 4];
        var call = new V1.Call { ServerType = "tally", Key = "k", CorrelationId = 7 }.ToByteArray();
        var read = Assert.IsType<CallEnvelope>(Serializer.FromBinary([.. newer, .. call, .. newer], WireSerializer.CallManifest));
        Assert.Equal(("tally", "k", 7L), (read.ServerType, read.Key, read.CorrelationId));

        var reply = new V1.Reply { CorrelationId = 9, Failure = new V1.Failure { Kind = (int)FailureKind.Stopped, Message = "gone" } }.ToByteArray();
        var failed = Assert.IsType<ReplyEnvelope>(Serializer.FromBinary([.. newer, .. reply], WireSerializer.ReplyManifest));
        Assert.Equal((9L, FailureKind.Stopped, "gone"), (failed.CorrelationId, failed.Failure!.Kind, failed.Failure.Message));
    }

    [Fact]
    public void A_text_that_is_no_text_is_refused() =>
        Assert.Throws<SerializationException>(() => Serializer.FromBinary([0x12, 0x02, 0xC3, 0x28], WireSerializer.CallManifest));

    [Fact]
    public void A_large_call_is_written_too()
    {
        var json = new byte[100_000];
        new Random(1).NextBytes(json);
        var call = new CallEnvelope("tally", "k", 1, new EncodedPayload("a", json));
        var read = Assert.IsType<CallEnvelope>(Serializer.FromBinary(Serializer.WriteInPlace(call).ToArray(), WireSerializer.CallManifest));
        Assert.Equal(json, Assert.IsType<EncodedPayload>(read.Payload).Json.ToArray());
    }

    private static string Text(Random random) => s_texts[random.Next(s_texts.Length)];

    private static long Number(Random random) => s_numbers[random.Next(s_numbers.Length)];

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(300)];
        random.NextBytes(bytes);
        return bytes;
    }
}
