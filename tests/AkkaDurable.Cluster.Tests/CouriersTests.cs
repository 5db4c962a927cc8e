using Akka.Actor;
using AkkaDurable.Internal.Calls;
using AkkaDurable.Internal.Couriers;
using AkkaDurable.Internal.Wire;
using AkkaDurable.Internal.Wire.V1;
using AkkaDurable.Storage;
using Google.Protobuf;

namespace AkkaDurable.Cluster.Tests;

/// <summary>Batches that are bad, nodes that are lost, and homes that change; each test has a cluster of its own.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "IAsyncLifetime disposes of it.")]
public sealed class CouriersTests : IAsyncLifetime
{
    private readonly InMemoryStateStore _store = new();
    private readonly ListLogger _log = new();
    private TestNode _first = null!;
    private TestNode _second = null!;
    private IDurableServers<Tally> _tallies = null!;

    private static DurableServerOptions Options => new() { ShardCount = 1_000, CallTimeout = TimeSpan.FromSeconds(20) };

    private ShardHomes Homes => _first.Servers.Peers.RouteOf("tally")!.Homes;

    private Courier SecondCourier => _second.Servers.Peers.Courier;

    public async Task InitializeAsync()
    {
        // After a region's node is lost, the coordinator waits a hand-off time-out before it gives its shards away.
        _first = await TestNode.StartAsync(_store, hocon: "akka.cluster.sharding.handoff-timeout = 1s");
        _second = await TestNode.StartAsync(_store, _first, setup => setup.Loggers = _log, "akka.coordinated-shutdown.run-by-actor-system-terminate = off");
        _tallies = await _first.Servers.RegisterAsync<Tally>("tally", Options);
        await _second.Servers.RegisterAsync<Tally>("tally", Options);
        await Task.WhenAll(_first.UntilItTakesShardsAsync("tally"), _second.UntilItTakesShardsAsync("tally"));
    }

    public async Task DisposeAsync()
    {
        await _second.DisposeAsync();
        await _first.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task A_bad_message_in_a_batch_is_refused_alone_and_logged()
    {
        var key = await KeyOnAsync(_second);
        var batch = new Batch
        {
            Entries =
            {
                new BatchEntry { Cast = Bytes(new CastEnvelope("tally", key, new Add(1))) },
                new BatchEntry { Cast = ByteString.CopyFrom(0x0A, 0x7F, 0x01) },
                new BatchEntry(),
                new BatchEntry { Reply = ByteString.CopyFrom(0xFF) },
                new BatchEntry { Reply = Bytes(new ReplyEnvelope(long.MaxValue, 1)) },
                new BatchEntry { Cast = Bytes(new CastEnvelope("tally", key, new EncodedPayload("System.Diagnostics.Process", "{}"u8.ToArray()))) },
                new BatchEntry { Cast = Bytes(new CastEnvelope("tally", key, new EncodedPayload(typeof(Add).FullName!, "{"u8.ToArray()))) },
                new BatchEntry { Cast = Bytes(new CastEnvelope("tally", key, new Add(10))) },
            },
        };
        SendToSecond(batch.ToByteArray());
        await Eventually.TrueAsync(async () => await _tallies[key].CallAsync(new GetCount()) == 11, "both good casts arrive");
        Assert.Equal(3, _log.Entries.Count(entry => entry.Id == 1105));
        Assert.All(_log.Entries.Where(entry => entry.Id == 1105), entry => Assert.Contains(_first.Address.ToString(), entry.Text, StringComparison.Ordinal));
        Assert.Contains(_log.Entries, entry => entry.Text.Contains("System.Diagnostics.Process", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_malformed_batch_is_refused_from_its_defect_on_and_the_node_lives_on()
    {
        var key = await KeyOnAsync(_second);
        var good = new Batch { Entries = { new BatchEntry { Cast = Bytes(new CastEnvelope("tally", key, new Add(1))) } } }.ToByteArray();
        SendToSecond([.. good, 0x0A, 0x7F, 0x01]);
        SendToSecond([]);
        SendToSecond([0xFF, 0xFF]);
        SendToSecond(good);
        await Eventually.TrueAsync(async () => await _tallies[key].CallAsync(new GetCount()) == 2, "what is good arrives");
        Assert.Equal(2, _log.Entries.Count(entry => entry.Id == 1106));
    }

    [Fact]
    public async Task A_batch_for_an_earlier_incarnation_of_the_node_is_not_taken()
    {
        var key = await KeyOnAsync(_second);
        var cast = new Batch { Entries = { new BatchEntry { Cast = Bytes(new CastEnvelope("tally", key, new Add(1))) } } }.ToByteArray();
        var now = SecondCourier.Path.ToStringWithAddress(_second.Address);
        var earlier = _first.Servers.Peers.Provider.ResolveActorRef(now[..^1] + (now[^1] == '1' ? '2' : '1'));
        var before = SecondCourier.BatchesReceived;
        earlier.Tell(new IncomingBatch(cast), _first.Servers.Peers.Courier);
        SendToSecond(cast);
        await Eventually.TrueAsync(async () => await _tallies[key].CallAsync(new GetCount()) == 1, "the batch for this incarnation arrives");

        // Both went over one connection, so the first one has come by then.
        Assert.Equal(1, await _tallies[key].CallAsync(new GetCount()));
        Assert.True(SecondCourier.BatchesReceived > before);
    }

    [Fact]
    public async Task A_node_that_is_not_known_for_a_member_gets_its_replies_too()
    {
        var key = await KeyOnAsync(_second);
        _second.Servers.Peers.Remove(global::Akka.Cluster.Cluster.Get(_first.System).SelfUniqueAddress);
        Assert.Empty(_second.Servers.Peers.All);
        var calls = Enumerable.Range(0, 50).Select(_ => _tallies[key].CallAsync(new Increment()).AsTask());
        Assert.Equal(Enumerable.Range(1, 50), await Task.WhenAll(calls));
    }

    [Fact]
    public async Task A_server_that_has_moved_to_a_third_node_is_found_and_its_new_home_is_learned()
    {
        await using var third = await TestNode.StartAsync(_store, _first);
        await third.Servers.RegisterAsync<Tally>("tally", Options);
        await third.UntilItTakesShardsAsync("tally");
        var key = await KeyOnAsync(third);
        Homes.Learn(key, PeerOn(_second));
        Assert.Equal(1, await _tallies[key].CallAsync(new Increment()));
        Assert.Same(PeerOn(third), Homes.Of(key));
        Assert.Equal(2, await _tallies[key].CallAsync(new Increment()));
    }

    [Fact]
    public async Task A_lost_node_blocks_nothing_and_is_forgotten()
    {
        var key = await KeyOnAsync(_second);
        Assert.Equal(1, await _tallies[key].CallAsync(new Increment()));
        var lost = PeerOn(_second);
        var address = _second.Address;
        await _second.System.Terminate();

        // Nobody has told the first node yet; the connection has just ended.
        await Assert.ThrowsAsync<OutcomeUnknownException>(async () => await _tallies[key].CallAsync(new Increment(), TimeSpan.FromMilliseconds(500)));
        for (var i = 0; i < 1_000; i++)
        {
            _tallies[key].Cast(new Add(100));
        }

        global::Akka.Cluster.Cluster.Get(_first.System).Down(address);
        await Eventually.TrueAsync(() => Task.FromResult(!_first.Servers.Peers.All.Any()), "the node is forgotten");
        Assert.False(lost.IsHome);
        Assert.Null(Homes.Of(key));
        Assert.Equal(0, lost.Drop());

        // Elsewhere, from the store. Casts that went to the region while the node was down but not removed may be delivered there.
        await Eventually.TrueAsync(async () => await AnswersAsync(key), "the server is up again elsewhere");
        Assert.Equal(1, await _tallies[key].CallAsync(new GetCount()) % 100);
    }

    [Fact]
    public async Task Pick_ups_that_found_no_connection_do_not_stop_those_after_them()
    {
        // An address where nobody is: the first pick-up ends as a dead letter, and so does what is sent while the address is gated.
        var peers = _first.Servers.Peers;
        var nowhere = new global::Akka.Cluster.UniqueAddress(new Address("akka.tcp", "test", "127.0.0.1", 1), 7);
        peers.Open(nowhere);
        var peer = Assert.Single(peers.All, peer => peer.Courier.Path.Address.Port == 1);
        var call = new CastEnvelope("tally", "k", new Add(1));
        Assert.True(peer.TrySend(call));
        await Eventually.TrueAsync(
            () =>
            {
                // Each message that finds no pick-up under way sends for one; if one were lost unnoticed, the queue would only grow.
                Assert.True(peer.TrySend(call));
                return Task.FromResult(peers.PickUpsLost > 1);
            },
            "what waits is dropped, more than once");
        peers.Remove(nowhere);
        Assert.False(peer.TrySend(call));

    }

    private async Task<bool> AnswersAsync(string key)
    {
        try
        {
            await _tallies[key].CallAsync(new GetCount(), TimeSpan.FromSeconds(1));
            return true;
        }
        catch (DurableServerException)
        {
            return false;
        }
    }

    private async Task<string> KeyOnAsync(TestNode node)
    {
        // A node takes part in the type only when the coordinator has heard of it; shards are spread from then on.
        var found = "";
        await Eventually.TrueAsync(
            async () =>
            {
                found = Guid.NewGuid().ToString("N");
                await _tallies[found].CallAsync(new GetCount());
                return (await _tallies[found].InfoAsync())!.Node == node.Address.ToString();
            },
            $"a server runs on {node.Address}");
        return found;
    }

    private Peer PeerOn(TestNode node) => Assert.Single(_first.Servers.Peers.All, peer => peer.Courier.Path.Address.Equals(node.Address));

    private ByteString Bytes(IWireMessage message) => ByteString.CopyFrom(_first.Servers.Peers.Serializer.ToBinary(message));

    private void SendToSecond(byte[] batch) => PeerOn(_second).Courier.Tell(new IncomingBatch(batch), _first.Servers.Peers.Courier);
}
