using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Wire;

namespace AkkaDurable.Cluster.Tests;

public sealed class WireSerializerTests(TwoNodeCluster cluster) : IClassFixture<TwoNodeCluster>
{
    private WireSerializer Serializer => new((ExtendedActorSystem)cluster.First.System);

    [Fact]
    public void Each_message_comes_back_as_it_was()
    {
        var call = RoundTrip(new CallEnvelope("tally", "k/é🧮", 42, new Increment(3)));
        Assert.Equal(("tally", "k/é🧮", 42L), (call.ServerType, call.Key, call.CorrelationId));
        Assert.Equal((typeof(Increment).FullName, """{"By":3}"""), Text(call.Payload));

        var cast = RoundTrip(new CastEnvelope("tally", "k", new Add(3)));
        Assert.Equal((typeof(Add).FullName, """{"By":3}"""), Text(cast.Payload));

        var start = RoundTrip(new ControlEnvelope("tally", "k", 7, ControlVerb.EnsureStarted, new TallyState(5)));
        Assert.Equal((ControlVerb.EnsureStarted, 7L), (start.Verb, start.CorrelationId));
        Assert.Equal(("", """{"Count":5}"""), Text(start.InitialState!));
        Assert.Null(RoundTrip(new ControlEnvelope("tally", "k", 7, ControlVerb.Info)).InitialState);

        var reply = RoundTrip(new ReplyEnvelope(9, new EncodedPayload("", Encoding.UTF8.GetBytes("\"x\""))));
        Assert.Equal(("", "\"x\""), Text(reply.Value!));
        Assert.Equal(("", "true"), Text(RoundTrip(new ReplyEnvelope(9, true)).Value!));
        Assert.Equal(("", "null"), Text(RoundTrip(new ReplyEnvelope(9, null)).Value!));

        var failure = new CallFailure(FailureKind.StateTooLarge, "too large") { Outcome = CallOutcome.Unknown, Actual = 5, Expected = 4 };
        Assert.Equal(failure, RoundTrip(new ReplyEnvelope(9, null, failure)).Failure);
    }

    [Fact]
    public void No_message_of_ours_goes_by_Akkas_default_serializer()
    {
        var types = typeof(IWireMessage).Assembly.GetTypes().Where(type => typeof(IWireMessage).IsAssignableFrom(type) && !type.IsAbstract).ToList();
        Assert.NotEmpty(types);
        Assert.All(types, type => Assert.IsType<WireSerializer>(cluster.First.System.Serialization.FindSerializerForType(type)));
    }

    [Fact]
    public async Task Akka_went_back_to_its_default_serializer_when_another_extension_started_later()
    {
        await using var node = await TestNode.StartAsync(new Storage.InMemoryStateStore());
        await node.Servers.RegisterAsync<Tally>("tally");
        Akka.Cluster.Tools.PublishSubscribe.DistributedPubSub.Get(node.System);
        Akka.Cluster.Tools.Client.ClusterClientReceptionist.Get(node.System);
        Assert.IsType<WireSerializer>(node.System.Serialization.FindSerializerForType(typeof(CallEnvelope)));
    }

    [Fact]
    public void An_unknown_manifest_is_refused() =>
        Assert.Contains("zz", Assert.Throws<SerializationException>(() => Serializer.FromBinary([], "zz")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(WireSerializer.CallManifest)]
    [InlineData(WireSerializer.CastManifest)]
    [InlineData(WireSerializer.ControlManifest)]
    [InlineData(WireSerializer.ReplyManifest)]
    public void A_malformed_body_is_refused(string manifest) =>
        Assert.Throws<SerializationException>(() => Serializer.FromBinary([0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], manifest));

    [Fact]
    public void Random_bytes_are_read_or_refused_and_nothing_else()
    {
        var serializer = Serializer;
        var random = new Random(4711);
        string[] manifests = [WireSerializer.CallManifest, WireSerializer.CastManifest, WireSerializer.ControlManifest, WireSerializer.ReplyManifest, WireSerializer.BatchManifest];
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new byte[random.Next(64)];
            random.NextBytes(bytes);
            try
            {
                Assert.IsAssignableFrom<IWireMessage>(serializer.FromBinary(bytes, manifests[i % manifests.Length]));
            }
            catch (SerializationException)
            {
                // Refused, which is as good.
            }
        }
    }

    [Fact]
    public async Task A_node_that_gets_an_unknown_alias_answers_and_lives_on()
    {
        var key = await cluster.KeyAwayFromAsync(cluster.First, "alias");
        var node = cluster.First.Servers.Node;
        node.Channel.Begin<int>("tally", key, System.Text.Json.JsonSerializerOptions.Default, TimeSpan.FromSeconds(20), isNumbered: false, CancellationToken.None, out var task, out var id, out _);
        global::Akka.Cluster.Sharding.ClusterSharding.Get(cluster.First.System).ShardRegion("tally")
            .Tell(new CallEnvelope("tally", key, id, new EncodedPayload("System.Diagnostics.Process", "{}"u8.ToArray())), node.ReplyTo);
        var error = await Assert.ThrowsAsync<MessageRejectedException>(async () => await task);
        Assert.Contains("System.Diagnostics.Process", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, await cluster.FromFirst[key].CallAsync(new GetCount()));
    }

    private static (string Alias, string Json) Text(object payload)
    {
        var encoded = Assert.IsType<EncodedPayload>(payload);
        return (encoded.Alias, Encoding.UTF8.GetString(encoded.Json.Span));
    }

    private T RoundTrip<T>(T message)
        where T : IWireMessage
    {
        var serializer = Serializer;
        return Assert.IsType<T>(serializer.FromBinary(serializer.ToBinary(message), serializer.Manifest(message)));
    }
}
