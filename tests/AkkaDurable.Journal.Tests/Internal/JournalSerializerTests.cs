using System.Runtime.Serialization;
using Akka.Actor;
using AkkaDurable.Journal.Internal.Events;
using AkkaDurable.Journal.Internal.Events.V1;
using AkkaDurable.Storage;
using Google.Protobuf;

namespace AkkaDurable.Journal.Tests.Internal;

/// <summary>What was stored once must be read for ever. Each file holds one event as hex; one that is written differently gets a new file, and the old one stays, to be read.</summary>
public sealed class JournalSerializerTests : IAsyncLifetime
{
    private readonly ActorSystem _system = ActorSystem.Create("serializer", "akka.loglevel = OFF, akka.stdout-loglevel = OFF");

    private JournalSerializer Serializer => new((ExtendedActorSystem)_system);

    public static TheoryData<string> Names => [.. Events.Keys];

    private static Stamp Stamp => new() { Writer = 0xfedc_ba98_7654_3210, Number = 7, TrimmedTo = 100 };

    private static StoredServer Record => new(
        new ServerId("counter", "k/é🧮"), new ClaimToken(3, long.MinValue), 9, ServerStatus.Crashed, "akka://node", 2, """{"n":1}"""u8.ToArray(), DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddTicks(1))
    {
        LeaseId = -5,
        RecentCalls = new byte[] { 1, 2, 3 },
    };

    // By name, with the manifest in it.
    private static Dictionary<string, IJournalEvent> Events => new()
    {
        ["record.r1"] = Stamped(RecordMapping.ToEvent(Record)),
        ["record-permanent.r1"] = Stamped(RecordMapping.ToEvent(Record with { Region = "eu-west", IsPermanent = true, Crashes = "[]"u8.ToArray() })),
        ["record-without-state.r1"] = Stamped(RecordMapping.ToEvent(new StoredServer(
            new ServerId("counter", "k"), new ClaimToken(1, 1), 0, ServerStatus.Running, "", 0, null, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch))),
        ["record-deleted.r1"] = Stamped(new RecordEvent { ServerType = "counter", Key = "k", Epoch = 4, ClaimId = 6, IsDeleted = true }),
        ["index.i1"] = Stamped(new IndexEvent { ServerType = "counter", SnapshotAt = 12, Added = { new IndexEntry { Key = "a", SequenceNr = 1 } }, Removed = { new IndexEntry { Key = "b", SequenceNr = 8 } } }),
        ["leases.l1"] = Stamped(new LeasesEvent { Leases = { new Lease { Id = -1, Node = "node", TimeToLiveMs = 5_000, Renewals = 3, IsRevoked = true } } }),
        ["type.t1"] = Stamped(new TypeEvent { ServerType = "counter", ShardCount = 100 }),
        ["probe.p1"] = Stamped(new ProbeEvent { Format = 1 }),
    };

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate();

    [Theory]
    [MemberData(nameof(Names))]
    public void An_event_is_written_and_read_as_ever(string name)
    {
        var golden = Convert.FromHexString(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", name + ".hex")).Trim());
        var manifest = name[(name.LastIndexOf('.') + 1)..];

        Assert.Equal(Convert.ToHexString(golden), Convert.ToHexString(Serializer.ToBinary(Events[name])));
        Assert.Equal(manifest, Serializer.Manifest(Events[name]));
        Assert.Equal(Events[name], Serializer.FromBinary(golden, manifest));
    }

    [Fact]
    public void A_record_comes_back_as_it_was()
    {
        var record = new StoredServer(new ServerId("counter", "k"), new ClaimToken(3, -4), 9, ServerStatus.Cordoned, "node", 2, null, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddTicks(7)) { LeaseId = 11, Region = "eu", IsPermanent = true };

        Assert.Equal(record, RecordMapping.ToRecord(RecordMapping.ToEvent(record)));
        Assert.Equal(0, RecordMapping.ToRecord(RecordMapping.ToEvent(record with { State = Array.Empty<byte>() })).State!.Value.Length);
    }

    [Fact]
    public async Task On_a_node_with_remoting_too_events_are_written_by_their_own_serializer()
    {
        // Akka.Remote binds all protobuf messages to a serializer that stores type names.
        var system = ActorSystem.Create("remote", "akka.loglevel = OFF, akka.stdout-loglevel = OFF, akka.actor.provider = remote, akka.remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }");
        system.Settings.InjectTopLevelFallback(JournalSerializer.Configuration);

        Assert.All(Events.Values, written => Assert.IsType<JournalSerializer>(system.Serialization.FindSerializerFor(written)));

        await system.Terminate();
    }

    [Fact]
    public void Unknown_manifests_malformed_bytes_and_foreign_objects_are_refused()
    {
        Assert.Throws<SerializationException>(() => Serializer.FromBinary([], "System.String"));
        Assert.Throws<SerializationException>(() => Serializer.FromBinary([0xff, 0xff], JournalSerializer.RecordManifest));
        Assert.Throws<ArgumentException>(() => Serializer.ToBinary("text"));
        Assert.Throws<ArgumentException>(() => Serializer.Manifest("text"));
    }

    private static T Stamped<T>(T written)
        where T : IJournalEvent, IMessage
    {
        written.Stamp = Stamp;
        return written;
    }
}
