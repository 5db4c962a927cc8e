using System.Collections.ObjectModel;
using System.Text;
using AkkaDurable.Internal.Groups.Replication;

namespace AkkaDurable.Internal.Groups.Wire;

/// <summary>The bytes of the messages between hubs. Whatever a later version adds goes at the end of a message: readers stop where they know no more.</summary>
internal static class HubWire
{
    // A count that no message of ours has: a malformed one must not ask for the memory.
    private const int MaxCount = 1_000_000;

    private static readonly Encoding s_strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private enum OpCode : byte
    {
        Put = 1,
        Continue = 2,
        Remove = 3,
        Ready = 4,
        Begins = 5,
    }

    public static byte[] Write(IHubMessage message)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, s_strict))
        {
            switch (message)
            {
                case Hello hello:
                    Write(writer, hello.From);
                    writer.Write7BitEncodedInt64(hello.Version);
                    writer.Write7BitEncodedInt(hello.Part);
                    writer.Write7BitEncodedInt(hello.Parts);
                    writer.Write7BitEncodedInt(hello.Interests.Count);
                    foreach (var (id, selector) in hello.Interests)
                    {
                        writer.Write7BitEncodedInt64(id);
                        writer.Write((byte)selector.Kind);
                        writer.Write(selector.Scope);
                        writer.Write(selector.Name);
                    }

                    break;
                case AskHello ask:
                    Write(writer, ask.From);
                    break;
                case Resync resync:
                    Write(writer, resync.From);
                    writer.Write7BitEncodedInt64(resync.Feed);
                    break;
                case Digest digest:
                    Write(writer, digest.From);
                    writer.Write7BitEncodedInt64(digest.HelloVersion);
                    writer.Write7BitEncodedInt64(digest.Feed);
                    writer.Write7BitEncodedInt64(digest.Sequence);
                    break;
                case Frame frame:
                    Write(writer, frame);
                    break;
                case Dispatched dispatched:
                    writer.Write(dispatched.Cluster);
                    writer.Write(dispatched.Group);
                    writer.Write(dispatched.Alias);
                    writer.Write7BitEncodedInt(dispatched.Json.Length);
                    writer.Write(dispatched.Json.Span);
                    break;
            }
        }

        return stream.ToArray();
    }

    public static Hello ReadHello(byte[] bytes)
    {
        using var reader = Reader(bytes);
        return new Hello(
            ReadNode(reader),
            reader.Read7BitEncodedInt64(),
            reader.Read7BitEncodedInt(),
            reader.Read7BitEncodedInt(),
            ReadMany(reader, static r => new Interest(r.Read7BitEncodedInt64(), new Selector((InterestKind)r.ReadByte(), r.ReadString(), r.ReadString()))));
    }

    public static AskHello ReadAskHello(byte[] bytes)
    {
        using var reader = Reader(bytes);
        return new AskHello(ReadNode(reader));
    }

    public static Resync ReadResync(byte[] bytes)
    {
        using var reader = Reader(bytes);
        return new Resync(ReadNode(reader), reader.Read7BitEncodedInt64());
    }

    public static Digest ReadDigest(byte[] bytes)
    {
        using var reader = Reader(bytes);
        return new Digest(ReadNode(reader), reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64());
    }

    public static Frame ReadFrame(byte[] bytes)
    {
        using var reader = Reader(bytes);
        return new Frame(ReadNode(reader), reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64(), reader.ReadBoolean(), ReadMany(reader, ReadOp));
    }

    public static Dispatched ReadDispatched(byte[] bytes)
    {
        using var reader = Reader(bytes);
        var (cluster, group, alias, length) = (reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.Read7BitEncodedInt());
        var json = length < 0 ? throw new FormatException($"{length} is not a length.") : reader.ReadBytes(length);
        return json.Length == length ? new Dispatched(cluster, group, alias, json) : throw new EndOfStreamException();
    }

    private static void Write(BinaryWriter writer, Frame frame)
    {
        Write(writer, frame.From);
        writer.Write7BitEncodedInt64(frame.Feed);
        writer.Write7BitEncodedInt64(frame.Sequence);
        writer.Write(frame.SnapshotEnd);
        writer.Write7BitEncodedInt(frame.Ops.Count);
        foreach (var op in frame.Ops)
        {
            switch (op)
            {
                case FeedOp.Put put:
                    writer.Write((byte)(put.Continues ? OpCode.Continue : OpCode.Put));
                    Write(writer, put.Entry);
                    break;
                case FeedOp.Remove remove:
                    writer.Write((byte)OpCode.Remove);
                    Write(writer, remove.Id);
                    Write(writer, remove.Version);
                    writer.Write((byte)remove.Reason);
                    break;
                case FeedOp.Begins begins:
                    writer.Write((byte)OpCode.Begins);
                    writer.Write7BitEncodedInt64(begins.Interest);
                    break;
                case FeedOp.Ready ready:
                    writer.Write((byte)OpCode.Ready);
                    writer.Write7BitEncodedInt64(ready.Interest);
                    break;
            }
        }
    }

    private static FeedOp ReadOp(BinaryReader reader)
    {
        var code = (OpCode)reader.ReadByte();
        return code switch
        {
            OpCode.Put or OpCode.Continue => new FeedOp.Put(ReadEntry(reader), code == OpCode.Continue),
            OpCode.Remove => new FeedOp.Remove(ReadId(reader), ReadVersion(reader), ReadReason(reader)),
            OpCode.Begins => new FeedOp.Begins(reader.Read7BitEncodedInt64()),
            OpCode.Ready => new FeedOp.Ready(reader.Read7BitEncodedInt64()),
            _ => throw new FormatException($"{(byte)code} is no operation."),
        };
    }

    private static void Write(BinaryWriter writer, Entry entry)
    {
        Write(writer, entry.Id);
        Write(writer, entry.Version);
        writer.Write7BitEncodedInt(entry.Meta.Count);
        foreach (var (name, value) in entry.Meta)
        {
            writer.Write(name);
            writer.Write(value);
        }

        WriteText(writer, entry.ActorPath);
        WriteText(writer, entry.ServerType);
        WriteText(writer, entry.ServerKey);
    }

    private static Entry ReadEntry(BinaryReader reader) => new(ReadId(reader), ReadVersion(reader), ReadMeta(reader))
    {
        ActorPath = ReadText(reader),
        ServerType = ReadText(reader),
        ServerKey = ReadText(reader),
    };

    private static IReadOnlyDictionary<string, string> ReadMeta(BinaryReader reader)
    {
        var pairs = ReadMany(reader, static r => KeyValuePair.Create(r.ReadString(), r.ReadString()));
        return pairs.Count == 0 ? ReadOnlyDictionary<string, string>.Empty : new Dictionary<string, string>(pairs, StringComparer.Ordinal);
    }

    private static void Write(BinaryWriter writer, EntryId id)
    {
        writer.Write((byte)id.Kind);
        writer.Write(id.Scope);
        writer.Write(id.Name);
        writer.Write(id.Member);
    }

    private static EntryId ReadId(BinaryReader reader) => new((EntryKind)reader.ReadByte(), reader.ReadString(), reader.ReadString(), reader.ReadString());

    private static void Write(BinaryWriter writer, EntryVersion version)
    {
        writer.Write7BitEncodedInt64(version.Life);
        writer.Write7BitEncodedInt64(version.Epoch);
    }

    private static EntryVersion ReadVersion(BinaryReader reader) => new(reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64());

    // A reason of a later version is one that this version does not know.
    private static LifecycleReason ReadReason(BinaryReader reader) => (LifecycleReason)reader.ReadByte() is var reason && Enum.IsDefined(reason) ? reason : LifecycleReason.Unknown;

    private static void Write(BinaryWriter writer, NodeId node)
    {
        writer.Write(node.Address);
        writer.Write7BitEncodedInt64(node.Uid);
    }

    private static NodeId ReadNode(BinaryReader reader) => new(reader.ReadString(), reader.Read7BitEncodedInt64());

    private static BinaryReader Reader(byte[] bytes) => new(new MemoryStream(bytes, writable: false), s_strict);

    private static List<T> ReadMany<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        var count = reader.Read7BitEncodedInt();
        if (count is < 0 or > MaxCount)
        {
            throw new FormatException($"{count} is not a count.");
        }

        var items = new List<T>();
        for (var i = 0; i < count; i++)
        {
            items.Add(read(reader));
        }

        return items;
    }

    private static void WriteText(BinaryWriter writer, string? text)
    {
        writer.Write(text is not null);
        if (text is not null)
        {
            writer.Write(text);
        }
    }

    private static string? ReadText(BinaryReader reader) => reader.ReadBoolean() ? reader.ReadString() : null;
}
