using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using AkkaDurable.Internal.Groups.Replication;
using AkkaDurable.Internal.Groups.Wire;

namespace AkkaDurable.Cluster.Tests.Groups;

/// <summary>What went between hubs once must be read for ever, as <see cref="WireGoldenTests"/> says of other messages. The files were written by other code than ours.</summary>
public sealed class HubGoldenTests(ThreeNodeCluster cluster) : IClassFixture<ThreeNodeCluster>
{
    private static readonly NodeId s_node = new("akka.tcp://shop@10.0.0.1:8110", -77);
    private static readonly EntryVersion s_version = new(638_000_000_000_000_000, 3);

    private HubSerializer Serializer => new((ExtendedActorSystem)cluster.First.System);

    public static TheoryData<string> Names => [.. Messages.Keys];

    private static Dictionary<string, string> Meta => new() { ["name"] = "Zoë 🧮" };

    // By name, with the manifest in it.
    private static Dictionary<string, IHubMessage> Messages => new()
    {
        ["hub-hello.h1"] = new Hello(s_node, 300, 0, 2,
        [
            new(1, new(InterestKind.Cluster, "", "")), new(2, new(InterestKind.AllServers, "", "")), new(3, new(InterestKind.ServersOf, "counter", "")),
            new(4, new(InterestKind.ServersByPrefix, "counter", "k/")), new(5, new(InterestKind.Server, "counter", "k/é")),
        ]),
        ["hub-ask.a1"] = new AskHello(s_node),
        ["hub-resync.y1"] = new Resync(s_node, 9),
        ["hub-digest.i1"] = new Digest(s_node, 300, 2, -1),
        ["hub-frame.f1"] = new Frame(s_node, 2, 128, SnapshotEnd: true,
        [
            new FeedOp.Begins(5),
            new FeedOp.Put(new Entry(EntryId.OfMember("blue", "room/é", "m1"), new(0, 7), Meta) { ActorPath = "akka.tcp://shop@10.0.0.1:8110/user/a#5" }),
            new FeedOp.Put(new Entry(EntryId.OfMember("", "room/1", "counter/k"), s_version, new Dictionary<string, string>()) { ServerType = "counter", ServerKey = "k" }),
            new FeedOp.Put(new Entry(EntryId.OfServer("counter", "k"), s_version with { Epoch = 4 }, Meta), Continues: true),
            new FeedOp.Remove(EntryId.OfServer("counter", "gone"), new(0, 1), LifecycleReason.NodeLost),
            new FeedOp.Ready(5),
        ]),
        ["hub-dispatched.d1"] = new Dispatched("blue", "room/é", "Shop.Said", """{"Text":"x"}"""u8.ToArray()),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void A_message_is_written_and_read_as_ever(string name)
    {
        var golden = Golden(name);
        var (message, manifest) = (Messages[name], ManifestOf(name));
        Assert.Equal(manifest, Serializer.Manifest(message));
        Assert.Equal(Convert.ToHexString(golden), Convert.ToHexString(Serializer.ToBinary(message)));
        Assert.Equal(Show(message), Show((IHubMessage)Serializer.FromBinary(golden, manifest)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_message_of_a_later_version_is_read_and_one_that_is_cut_short_is_refused(string name)
    {
        var (golden, manifest) = (Golden(name), ManifestOf(name));
        Assert.Equal(Show(Messages[name]), Show((IHubMessage)Serializer.FromBinary([.. golden, 1, 2, 3], manifest)));
        for (var length = 0; length < golden.Length; length++)
        {
            Assert.Throws<SerializationException>(() => Serializer.FromBinary(golden[..length], manifest));
        }

        Assert.Throws<SerializationException>(() => Serializer.FromBinary(golden, "zz"));
    }

    private static byte[] Golden(string name) => Convert.FromHexString(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", name + ".hex")).Trim());

    private static string ManifestOf(string name) => name[(name.LastIndexOf('.') + 1)..];

    private static string Show(IHubMessage message) => message switch
    {
        Hello hello => $"{hello.From} {hello.Version} {hello.Part} {hello.Parts} {string.Join(';', hello.Interests)}",
        Frame frame => $"{frame.From} {frame.Feed} {frame.Sequence} {frame.SnapshotEnd} {string.Join(';', frame.Ops.Select(Show))}",
        Dispatched dispatched => $"{dispatched.Cluster} {dispatched.Group} {dispatched.Alias} {Encoding.UTF8.GetString(dispatched.Json.Span)}",
        _ => message.ToString()!,
    };

    private static string Show(FeedOp op) => op is FeedOp.Put { Entry: var entry } put
        ? $"{put.Continues} {entry.Id} {entry.Version} {string.Join(',', entry.Meta)} {entry.ActorPath} {entry.ServerType} {entry.ServerKey}"
        : op.ToString();
}
