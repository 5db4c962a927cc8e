using System.Runtime.Serialization;
using System.Text.Json;
using Akka.Actor;
using AkkaDurable.Management.Internal.Relay;

namespace AkkaDurable.Management.Tests.Relay;

public sealed class RelayWireTests : IDisposable
{
    private static readonly string[] s_list = ["a", "b"];

    private readonly ActorSystem _system = ActorSystem.Create("wire", RelaySerializer.Configuration);

    public void Dispose() => _system.Dispose();

    [Fact]
    public void Each_message_arrives_as_it_was_sent_by_our_own_serializer()
    {
        var run = Sent(new RelayMessage.Run("log", "tail", ["-m", "-x ö"], "token", 64));
        Assert.Equal(("log", "tail", "-m|-x ö", "token", 64), (run.Palette, run.Verb, string.Join('|', run.Words), run.Caller, run.Credit));
        Assert.Equal(new RelayMessage.Started(), Sent(new RelayMessage.Started()));
        Assert.Equal(new RelayMessage.Alive(), Sent(new RelayMessage.Alive()));
        Assert.Equal(new RelayMessage.More(7), Sent(new RelayMessage.More(7)));
        Assert.Equal(new RelayMessage.Ended(null, ""), Sent(new RelayMessage.Ended(null, "")));
        Assert.Equal(new RelayMessage.Ended(CommandErrorKind.NotFound, "no"), Sent(new RelayMessage.Ended(CommandErrorKind.NotFound, "no")));
        Assert.Equal(new CommandOutput.Line("text"), Output(new CommandOutput.Line("text")));
        Assert.Equal(new CommandOutput.Progress("half", 0.5), Output(new CommandOutput.Progress("half", 0.5)));
        Assert.Equal(new CommandOutput.Progress("some"), Output(new CommandOutput.Progress("some")));
        Assert.Equal(new CommandOutput.Partial("one is missing", "node"), Output(new CommandOutput.Partial("one is missing", "node")));
        Assert.Equal(new CommandOutput.Partial("some"), Output(new CommandOutput.Partial("some")));
    }

    [Fact]
    public void A_row_keeps_its_values_and_is_shown_the_same()
    {
        var row = new CommandOutput.Row(
            "all",
            [
                ("null", null), ("text", "tèxt"), ("yes", true), ("no", false), ("int", 7), ("long", 1L << 40), ("double", 1.5), ("time", DateTimeOffset.UnixEpoch), ("span", TimeSpan.FromSeconds(90)),
                ("list", s_list), ("map", new Dictionary<string, string> { ["k"] = "v" }), ("json", JsonDocument.Parse("""{"a":[1]}""").RootElement), ("enum", CommandEffect.Changes),
            ],
            Depth: 3);

        var read = Assert.IsType<CommandOutput.Row>(Output(row));

        Assert.Equal((row.Kind, row.Depth, row.ToString()), (read.Kind, read.Depth, read.ToString()));
        Assert.Equal((7L, 1L << 40, 1.5, DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(90), "Changes"), (read["int"], read["long"], read["double"], read["time"], read["span"], read["enum"]));
        Assert.Equal(JsonValueKind.Array, Assert.IsType<JsonElement>(read["json"]).GetProperty("a").ValueKind);
    }

    [Fact]
    public void What_is_too_long_for_a_message_is_cut_and_marked()
    {
        var row = Assert.IsType<CommandOutput.Row>(Output(CommandOutput.RowOf("log", ("message", new string('ö', 1_000_000)), ("b", new string('b', 9_000)), ("c", new string('c', 9_000)), ("d", new string('d', 9_000)))));

        Assert.All(row.Fields, field => Assert.EndsWith("…", (string)field.Value!, StringComparison.Ordinal));
        Assert.True(RelayWire.Write(new RelayMessage.Item(row)).Length < 100_000);
    }

    /// <summary>What nodes of earlier versions send and read.</summary>
    [Fact]
    public void The_bytes_stay_what_they_are()
    {
        Assert.Equal("036C6F67047461696C02000000022D6C04696E666F05746F6B656E40000000", Hex(new RelayMessage.Run("log", "tail", ["-l", "info"], "token", 64)));
        Assert.Equal("00056C6576656C000000000300000001610101780162040700000000000000016303", Hex(new RelayMessage.Item(CommandOutput.RowOf("level", ("a", "x"), ("b", 7), ("c", true)))));
        Assert.Equal("0304676F6E6501016E", Hex(new RelayMessage.Item(new CommandOutput.Partial("gone", "n"))));
        Assert.Equal("08000000026E6F", Hex(new RelayMessage.Ended(CommandErrorKind.NotFound, "no")));
        Assert.Equal("20000000", Hex(new RelayMessage.More(32)));
        Assert.Equal("", Hex(new RelayMessage.Alive()));
    }

    [Fact]
    public void Malformed_bytes_and_unknown_manifests_are_refused_as_such()
    {
        var serializer = new RelaySerializer((ExtendedActorSystem)_system);
        var good = serializer.ToBinary(new RelayMessage.Item(CommandOutput.RowOf("level", ("a", "x"), ("list", s_list))));
        for (var length = 0; length < good.Length; length++)
        {
            Assert.Throws<SerializationException>(() => serializer.FromBinary(good[..length], "i1"));
        }

        Assert.Throws<SerializationException>(() => serializer.FromBinary([9], "i1"));
        Assert.Throws<SerializationException>(() => serializer.FromBinary([0, 1, 65, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0x7f], "i1"));
        Assert.Throws<SerializationException>(() => serializer.FromBinary(good, "System.Object"));
        Assert.Equal(CommandErrorKind.Unavailable, Assert.IsType<RelayMessage.Ended>(serializer.FromBinary([99, 0, 0, 0, 0], "e1")).Error);
    }

    private static string Hex(RelayMessage message) => Convert.ToHexString(RelayWire.Write(message));

    private CommandOutput Output(CommandOutput output) => Sent(new RelayMessage.Item(output)).Output;

    private T Sent<T>(T message)
        where T : notnull
    {
        var serializer = Assert.IsType<RelaySerializer>(_system.Serialization.FindSerializerFor(message));
        return Assert.IsType<T>(serializer.FromBinary(serializer.ToBinary(message), serializer.Manifest(message)));
    }
}
