using Akka.Actor;
using AkkaDurable.Cluster.Tests;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Wire;
using AkkaDurable.Storage;

namespace AkkaDurable.MemoryPack.Tests;

/// <summary>Two nodes over one store: what they send each other, with a codec, without, and with one each.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "IAsyncLifetime disposes of it.")]
public sealed class CodecClusterTests : IAsyncLifetime
{
    private readonly InMemoryStateStore _store = new();
    private readonly ListLogger _log = new();
    private TestNode _first = null!;
    private TestNode _second = null!;

    public async Task InitializeAsync()
    {
        _first = await TestNode.StartAsync(_store, configure: setup => setup.Loggers = _log);
        _second = await TestNode.StartAsync(_store, _first, setup => setup.Loggers = _log);
    }

    public async Task DisposeAsync()
    {
        await _second.DisposeAsync();
        await _first.DisposeAsync();
        await _store.DisposeAsync();
        _log.Dispose();
    }

    [Fact]
    public async Task Messages_replies_and_states_travel_by_the_codec()
    {
        var (first, second) = await RegisterAsync(Writing, Writing);
        var key = await KeyAwayAsync(first, _first, "pack");
        Assert.Equal(new PackReply(2, "a"), await first[key].CallAsync(new Put("a", 2)));
        first[key].Cast(new Push(3));
        Assert.Equal(new PackReply(5, "a"), await first[key].CallAsync(new Peek()));
        Assert.Null(await first[key].CallAsync(new PeekAtNothing()));
        Assert.Equal(new PackReply(6, "b"), await second[key].CallAsync(new Put("b")));
        await first[key].DeleteAsync();
        await first[key].StartAsync(new PackState(41, "given"));
        Assert.Equal(new PackReply(42, "c"), await first[key].CallAsync(new Put("c")));
        Assert.StartsWith("""{"$codec":""", System.Text.Encoding.UTF8.GetString((await _store.ReadAsync(new ServerId("packer", key)))!.State!.Value.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_codec_does_not_know_is_a_typed_failure()
    {
        var (first, _) = await RegisterAsync(Writing, Writing);
        var key = await KeyAwayAsync(first, _first, "plain");
        var error = await Assert.ThrowsAsync<MessageNotSerializableException>(async () => await first[key].CallAsync(new PlainCall(1)));
        Assert.Contains("cannot be written as memorypack", error.Message, StringComparison.Ordinal);
        var reply = await Assert.ThrowsAsync<ReplyNotSerializableException>(async () => await first[key].CallAsync(new AskPlain()));
        Assert.Contains("cannot be written as memorypack", reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_wire_has_what_it_should()
    {
        await RegisterAsync(Writing, Writing);
        var serializer = new WireSerializer((ExtendedActorSystem)_first.System);
        var bytes = serializer.ToBinary(new CallEnvelope("packer", "k", 7, new Put("a", 3)));
        Assert.Equal(
            "0A067061636B6572" + "12016B" + "1807" + "2220" + Convert.ToHexString("AkkaDurable.MemoryPack.Tests.Put"u8) + "2A10" + "FF0102FEFFFFFF010000006103000000",
            Convert.ToHexString(bytes));
        var read = Assert.IsType<CallEnvelope>(serializer.FromBinary(bytes, WireSerializer.CallManifest));
        Assert.Equal(new Put("a", 3), _second.Servers.Node.Messages.Read(Assert.IsType<EncodedPayload>(read.Payload), MemoryPackCodec.Instance));
    }

    [Fact]
    public async Task A_message_that_two_server_types_know_goes_by_the_codec_of_the_one_it_is_for()
    {
        await RegisterAsync(Writing, Writing);
        await _first.Servers.RegisterAsync<BasketPacker>("basket", Options(_ => { }));
        var serializer = new WireSerializer((ExtendedActorSystem)_first.System);
        Assert.Equal("FF01", Convert.ToHexString(PayloadFor("packer")[..2]));
        Assert.Equal("""{"Text":"a","By":3}""", System.Text.Encoding.UTF8.GetString(PayloadFor("basket")));

        byte[] PayloadFor(string serverType)
        {
            var bytes = serializer.ToBinary(new CallEnvelope(serverType, "k", 7, new Put("a", 3)));
            return Assert.IsType<EncodedPayload>(Assert.IsType<CallEnvelope>(serializer.FromBinary(bytes, WireSerializer.CallManifest)).Payload).Json.ToArray();
        }
    }

    [Fact]
    public async Task A_node_without_the_codec_rejects_its_messages_and_is_answered_in_JSON()
    {
        var (first, second) = await RegisterAsync(Writing, _ => { });
        var away = await KeyAwayAsync(second, _second, "json");
        Assert.Equal(new PackReply(1, "a"), await second[away].CallAsync(new Put("a")));
        second[away].Cast(new Push(1));
        Assert.Equal(new PackReply(2, "a"), await second[away].CallAsync(new Peek()));

        // The states of the one with the codec are nothing for the one without; on its own it stores JSON.
        var there = await KeyOnAsync(second, _second, "own");
        Assert.Equal(new PackReply(1, "b"), await second[there].CallAsync(new Put("b")));
        var error = await Assert.ThrowsAsync<MessageRejectedException>(async () => await first[there].CallAsync(new Put("c")));
        Assert.Contains("the codec of id 1; here the server type has no codec", error.Message, StringComparison.Ordinal);
        Assert.Equal(CallOutcome.NotApplied, error.Outcome);
        Assert.Contains(_log.Entries, entry => entry.Text.Contains("the codec of id 1", StringComparison.Ordinal));
        Assert.Equal(new PackReply(1, "b"), await second[there].CallAsync(new Peek()));
    }

    [Fact]
    public async Task A_codec_that_only_reads_understands_one_that_writes_and_the_other_way_round()
    {
        var (first, second) = await RegisterAsync(Writing, Reading);
        foreach (var (from, node) in new[] { (first, _first), (second, _second) })
        {
            var key = await KeyAwayAsync(from, node, "mixed");
            Assert.Equal(new PackReply(1, "a"), await from[key].CallAsync(new Put("a")));
            await from[key].StopAsync();
            Assert.Equal(new PackReply(2, "b"), await from[key].CallAsync(new Put("b")));
        }
    }

    [Fact]
    public async Task A_reply_of_an_unknown_codec_is_unreadable()
    {
        await RegisterAsync(Reading, Reading);
        foreach (var (codec, hex) in new (DurableCodec?, string)[] { (null, "FF01"), (MemoryPackCodec.Instance, "FFC8"), (MemoryPackCodec.Instance, "FF0102AA") })
        {
            var channel = _first.Servers.Node.Channel;
            var call = channel.Begin<PackReply>("packer", "k", System.Text.Json.JsonSerializerOptions.Default, TimeSpan.FromSeconds(20), isNumbered: false, CancellationToken.None, out var task, out var id, out _);
            call.ReadsWith(codec);
            channel.Complete(new ReplyEnvelope(id, new EncodedPayload("", Convert.FromHexString(hex))));
            await Assert.ThrowsAsync<ReplyUnreadableException>(async () => await task);
        }
    }

    private static void Writing(DurableServerOptions options) => options.Codec = MemoryPackCodec.Instance;

    private static void Reading(DurableServerOptions options) => (options.Codec, options.WriteWithCodec) = (MemoryPackCodec.Instance, false);

    private static async Task<string> KeyAwayAsync(IDurableServers<Packer> servers, TestNode node, string prefix) =>
        await FindKeyAsync(servers, prefix, runsOn => runsOn != node.Address.ToString());

    private static async Task<string> KeyOnAsync(IDurableServers<Packer> servers, TestNode node, string prefix) =>
        await FindKeyAsync(servers, prefix, runsOn => runsOn == node.Address.ToString());

    // On a busy machine all shards may have begun on the first node; the cluster then levels them in its own time.
    private static async Task<string> FindKeyAsync(IDurableServers<Packer> servers, string prefix, Func<string?, bool> isRight)
    {
        string? found = null;
        await Eventually.TrueAsync(
            async () =>
            {
                for (var i = 0; i < 200 && found is null; i++)
                {
                    var key = $"{prefix}-{i}";
                    await servers[key].EnsureStartedAsync();
                    found = isRight((await servers[key].InfoAsync())!.Node) ? key : null;
                }

                return found is not null;
            },
            "a server runs on the right node",
            within: TimeSpan.FromSeconds(60));
        return found!;
    }

    private async Task<(IDurableServers<Packer> First, IDurableServers<Packer> Second)> RegisterAsync(Action<DurableServerOptions> first, Action<DurableServerOptions> second) =>
        (await _first.Servers.RegisterAsync<Packer>("packer", Options(first)), await _second.Servers.RegisterAsync<Packer>("packer", Options(second)));

    private static DurableServerOptions Options(Action<DurableServerOptions> configure)
    {
        var options = new DurableServerOptions { ShardCount = 20, CallTimeout = TimeSpan.FromSeconds(20) };
        configure(options);
        return options;
    }
}
