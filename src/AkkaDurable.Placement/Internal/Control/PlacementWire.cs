using System.Text;

namespace AkkaDurable.Placement.Internal.Control;

/// <summary>The bytes of the messages. Whatever a later version adds goes at the end of a message: readers stop where they know no more.</summary>
internal static class PlacementWire
{
    // A count that no message of ours has: a malformed one must not ask for the memory.
    private const int MaxCount = 100_000;

    public static byte[] Write(IPlacementMessage message)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8))
        {
            switch (message)
            {
                case Gossip gossip:
                    Write(writer, gossip);
                    break;
                case Holds holds:
                    Write(writer, holds);
                    break;
                case Explain explain:
                    writer.Write(explain.Id);
                    writer.Write(explain.TypeName);
                    writer.Write(explain.Shard);
                    break;
                case Explained explained:
                    writer.Write(explained.Id);
                    Write(writer, explained.Decision);
                    break;
            }
        }

        return stream.ToArray();
    }

    public static Gossip ReadGossip(byte[] bytes)
    {
        using var reader = Reader(bytes);
        var (node, uid) = (reader.ReadString(), reader.ReadInt32());
        var report = reader.ReadBoolean() ? ReadReport(reader) : null;
        return new Gossip(node, uid, report, ReadMany(reader, static r => new StateEntry(r.ReadString(), r.ReadString(), r.ReadInt64(), r.ReadString())));
    }

    public static Holds ReadHolds(byte[] bytes)
    {
        using var reader = Reader(bytes);
        return new Holds(
            ReadMany(reader, static r => new PlacementHold(r.ReadString(), r.ReadString(), (PlacementReason)r.ReadInt32(), r.ReadString(), ReadSpan(r), r.ReadBoolean())),
            ReadMany(reader, static r => (r.ReadString(), r.ReadString())));
    }

    public static Explain ReadExplain(byte[] bytes)
    {
        using var reader = Reader(bytes);
        return new Explain(reader.ReadInt64(), reader.ReadString(), reader.ReadString());
    }

    public static Explained ReadExplained(byte[] bytes)
    {
        using var reader = Reader(bytes);
        var id = reader.ReadInt64();
        var decision = new PlacementDecision(reader.ReadString(), (PlacementOutcome)reader.ReadInt32(), (PlacementReason)reader.ReadInt32(), reader.ReadString())
        {
            Node = ReadText(reader),
            Location = reader.ReadBoolean() ? ReadLocation(reader) : null,
            Level = reader.ReadBoolean() ? reader.ReadInt32() : null,
            OpensAt = reader.ReadBoolean() ? new DateTimeOffset(new DateTime(reader.ReadInt64(), DateTimeKind.Utc)) : null,
            RemainingHold = ReadSpan(reader),
        };
        return new Explained(id, decision);
    }

    private static void Write(BinaryWriter writer, Gossip gossip)
    {
        writer.Write(gossip.Node);
        writer.Write(gossip.Uid);
        writer.Write(gossip.Report is not null);
        if (gossip.Report is { } report)
        {
            Write(writer, report);
        }

        WriteMany(writer, gossip.Entries, static (w, entry) =>
        {
            w.Write(entry.Key);
            w.Write(entry.Value);
            w.Write(entry.At);
            w.Write(entry.By);
        });
    }

    private static void Write(BinaryWriter writer, Holds holds)
    {
        WriteMany(writer, holds.Held, static (w, hold) =>
        {
            w.Write(hold.TypeName);
            w.Write(hold.Shard);
            w.Write((int)hold.Reason);
            w.Write(hold.Text);
            WriteSpan(w, hold.RemainingHold);
            w.Write(hold.IsPinned);
        });
        WriteMany(writer, holds.Placed, static (w, shard) =>
        {
            w.Write(shard.TypeName);
            w.Write(shard.Shard);
        });
    }

    private static void Write(BinaryWriter writer, PlacementDecision decision)
    {
        writer.Write(decision.Shard);
        writer.Write((int)decision.Outcome);
        writer.Write((int)decision.Reason);
        writer.Write(decision.Text);
        WriteText(writer, decision.Node);
        writer.Write(decision.Location is not null);
        if (decision.Location is { } location)
        {
            writer.Write(location.Region);
            WriteText(writer, location.Zone);
            WriteText(writer, location.Machine);
            WriteMany(writer, location.Labels, static (w, label) =>
            {
                w.Write(label.Key);
                w.Write(label.Value);
            });
        }

        writer.Write(decision.Level is not null);
        if (decision.Level is { } level)
        {
            writer.Write(level);
        }

        writer.Write(decision.OpensAt is not null);
        if (decision.OpensAt is { } opensAt)
        {
            writer.Write(opensAt.UtcTicks);
        }

        WriteSpan(writer, decision.RemainingHold);
    }

    private static void Write(BinaryWriter writer, NodeReport report)
    {
        WriteCounts(writer, report.ServersByType);
        writer.Write(report.Servers);
        WriteNumber(writer, report.CpuPercent);
        WriteNumber(writer, report.MemoryPercent);
        WriteNumber(writer, report.DiskPercent);
        WriteNumber(writer, report.Limits.MaxServers);
        WriteCounts(writer, report.Limits.MaxServersByType);
        WriteNumber(writer, report.Limits.MaxCpuPercent);
        WriteNumber(writer, report.Limits.MaxMemoryPercent);
        WriteNumber(writer, report.Limits.MaxDiskPercent);
    }

    private static NodeReport ReadReport(BinaryReader reader) => new()
    {
        ServersByType = ReadCounts(reader),
        Servers = reader.ReadInt32(),
        CpuPercent = ReadNumber(reader),
        MemoryPercent = ReadNumber(reader),
        DiskPercent = ReadNumber(reader),
        Limits = new CapacityLimits
        {
            MaxServers = (int?)ReadNumber(reader),
            MaxServersByType = ReadCounts(reader),
            MaxCpuPercent = ReadNumber(reader),
            MaxMemoryPercent = ReadNumber(reader),
            MaxDiskPercent = ReadNumber(reader),
        },
    };

    private static NodeLocation ReadLocation(BinaryReader reader) =>
        new(reader.ReadString(), ReadText(reader), ReadText(reader), ReadMany(reader, static r => KeyValuePair.Create(r.ReadString(), r.ReadString())).ToDictionary());

    private static BinaryReader Reader(byte[] bytes) => new(new MemoryStream(bytes, writable: false), Encoding.UTF8);

    private static void WriteCounts(BinaryWriter writer, IReadOnlyDictionary<string, int> counts) => WriteMany(writer, counts, static (w, count) =>
    {
        w.Write(count.Key);
        w.Write(count.Value);
    });

    private static Dictionary<string, int> ReadCounts(BinaryReader reader) => ReadMany(reader, static r => KeyValuePair.Create(r.ReadString(), r.ReadInt32())).ToDictionary();

    private static void WriteMany<T>(BinaryWriter writer, IReadOnlyCollection<T> items, Action<BinaryWriter, T> write)
    {
        writer.Write(items.Count);
        foreach (var item in items)
        {
            write(writer, item);
        }
    }

    private static List<T> ReadMany<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        var count = reader.ReadInt32();
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

    private static void WriteNumber(BinaryWriter writer, double? number) => writer.Write(number ?? double.NaN);

    private static double? ReadNumber(BinaryReader reader) => reader.ReadDouble() is var number && double.IsNaN(number) ? null : number;

    private static void WriteSpan(BinaryWriter writer, TimeSpan? span) => writer.Write(span?.Ticks ?? long.MinValue);

    private static TimeSpan? ReadSpan(BinaryReader reader) => reader.ReadInt64() is var ticks && ticks == long.MinValue ? null : new TimeSpan(ticks);

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
