using System.Text;
using System.Text.Json;

namespace AkkaDurable.Management.Internal.Relay;

/// <summary>The bytes of the messages. Whatever a later version adds goes at the end of a message: readers stop where they know no more.</summary>
internal static class RelayWire
{
    // A message must fit into a frame of Akka.Remote, whatever is logged.
    private const int MaxText = 8_192;
    private const int MaxTexts = 24_576;
    private const int MaxCount = 10_000;

    private enum Kind : byte
    {
        Row = 0,
        Line = 1,
        Progress = 2,
        Partial = 3,
    }

    private enum Value : byte
    {
        Null = 0,
        Text = 1,
        False = 2,
        True = 3,
        Integer = 4,
        Number = 5,
        Time = 6,
        Span = 7,
        List = 8,
        Map = 9,
        Json = 10,
    }

    public static byte[] Write(RelayMessage message)
    {
        using var stream = new MemoryStream();
        using (var writer = new Writer(stream))
        {
            switch (message)
            {
                case RelayMessage.Run run:
                    writer.Whole(run.Palette);
                    writer.Whole(run.Verb);
                    writer.Count(run.Words.Count);
                    foreach (var word in run.Words)
                    {
                        writer.Whole(word);
                    }

                    writer.Whole(run.Caller);
                    writer.Integer(run.Credit);
                    break;
                case RelayMessage.Item item:
                    Write(writer, item.Output);
                    break;
                case RelayMessage.More more:
                    writer.Integer(more.Count);
                    break;
                case RelayMessage.Ended ended:
                    writer.Integer(ended.Error is { } error ? (int)error : -1);
                    writer.Text(ended.Text);
                    break;
            }
        }

        return stream.ToArray();
    }

    public static RelayMessage.Run ReadRun(byte[] bytes)
    {
        using var reader = Reader(bytes);
        return new(reader.ReadString(), reader.ReadString(), ReadMany(reader, static r => r.ReadString()), reader.ReadString(), reader.ReadInt32());
    }

    public static RelayMessage.More ReadMore(byte[] bytes)
    {
        using var reader = Reader(bytes);
        return new(reader.ReadInt32());
    }

    public static RelayMessage.Ended ReadEnded(byte[] bytes)
    {
        using var reader = Reader(bytes);
        var error = reader.ReadInt32();

        // A kind that a later version knows is one more way of not having done it.
        return new(error < 0 ? null : Enum.IsDefined((CommandErrorKind)error) ? (CommandErrorKind)error : CommandErrorKind.Unavailable, reader.ReadString());
    }

    public static RelayMessage.Item ReadItem(byte[] bytes)
    {
        using var reader = Reader(bytes);
        var kind = (Kind)reader.ReadByte();
        return new(kind switch
        {
            Kind.Row => ReadRow(reader),
            Kind.Line => new CommandOutput.Line(reader.ReadString()),
            Kind.Progress => new CommandOutput.Progress(reader.ReadString(), reader.ReadBoolean() ? reader.ReadDouble() : null),
            Kind.Partial => new CommandOutput.Partial(reader.ReadString(), reader.ReadBoolean() ? reader.ReadString() : null),
            _ => throw new FormatException($"{kind} is no kind of output."),
        });
    }

    private static CommandOutput.Row ReadRow(BinaryReader reader)
    {
        var kind = reader.ReadString();
        var depth = reader.ReadInt32();
        return new(kind, ReadMany(reader, static r => (r.ReadString(), ReadValue(r))), Math.Clamp(depth, 0, MaxCount));
    }

    private static void Write(Writer writer, CommandOutput output)
    {
        switch (output)
        {
            case CommandOutput.Row row:
                writer.Byte((byte)Kind.Row);
                writer.Text(row.Kind);
                writer.Integer(row.Depth);
                writer.Count(row.Fields.Count);
                foreach (var (name, value) in row.Fields)
                {
                    writer.Text(name);
                    Write(writer, value);
                }

                break;
            case CommandOutput.Progress progress:
                writer.Byte((byte)Kind.Progress);
                writer.Text(progress.Text);
                writer.Truth(progress.Fraction is not null);
                if (progress.Fraction is { } fraction)
                {
                    writer.Number(fraction);
                }

                break;
            case CommandOutput.Partial partial:
                writer.Byte((byte)Kind.Partial);
                writer.Text(partial.Text);
                writer.Truth(partial.Node is not null);
                if (partial.Node is { } node)
                {
                    writer.Text(node);
                }

                break;
            default:
                writer.Byte((byte)Kind.Line);
                writer.Text(output.ToString());
                break;
        }
    }

    private static void Write(Writer writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.Byte((byte)Value.Null);
                break;
            case bool truth:
                writer.Byte((byte)(truth ? Value.True : Value.False));
                break;
            case int or long:
                writer.Byte((byte)Value.Integer);
                writer.Long(Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture));
                break;
            case double number:
                writer.Byte((byte)Value.Number);
                writer.Number(number);
                break;
            case DateTimeOffset time:
                writer.Byte((byte)Value.Time);
                writer.Long(time.UtcTicks);
                break;
            case TimeSpan span:
                writer.Byte((byte)Value.Span);
                writer.Long(span.Ticks);
                break;
            case JsonElement json when json.GetRawText() is { Length: <= MaxText } text:
                writer.Byte((byte)Value.Json);
                writer.Whole(text);
                break;
            case IEnumerable<KeyValuePair<string, string>> map:
                var entries = map.ToArray();
                writer.Byte((byte)Value.Map);
                writer.Count(entries.Length);
                foreach (var (name, text) in entries)
                {
                    writer.Text(name);
                    writer.Text(text);
                }

                break;
            case IEnumerable<string> list:
                var texts = list.ToArray();
                writer.Byte((byte)Value.List);
                writer.Count(texts.Length);
                foreach (var text in texts)
                {
                    writer.Text(text);
                }

                break;
            default:
                writer.Byte((byte)Value.Text);
                writer.Text(CommandOutput.Row.TextOf(value));
                break;
        }
    }

    private static object? ReadValue(BinaryReader reader)
    {
        var kind = (Value)reader.ReadByte();
        return kind switch
        {
            Value.Null => null,
            Value.Text => reader.ReadString(),
            Value.False => false,
            Value.True => true,
            Value.Integer => reader.ReadInt64(),
            Value.Number => reader.ReadDouble(),
            Value.Time => new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero),
            Value.Span => new TimeSpan(reader.ReadInt64()),
            Value.List => ReadMany(reader, static r => r.ReadString()),
            Value.Map => ReadMany(reader, static r => KeyValuePair.Create(r.ReadString(), r.ReadString())),
            Value.Json => ReadJson(reader.ReadString()),
            _ => throw new FormatException($"{kind} is no kind of value."),
        };
    }

    private static JsonElement ReadJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException exception)
        {
            throw new FormatException("A value is no JSON.", exception);
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

    private static BinaryReader Reader(byte[] bytes) => new(new MemoryStream(bytes, writable: false), Encoding.UTF8);

    private sealed class Writer(Stream stream) : IDisposable
    {
        private readonly BinaryWriter _writer = new(stream, Encoding.UTF8);
        private int _left = MaxTexts;

        public void Byte(byte value) => _writer.Write(value);

        public void Truth(bool value) => _writer.Write(value);

        public void Integer(int value) => _writer.Write(value);

        public void Long(long value) => _writer.Write(value);

        public void Number(double value) => _writer.Write(value);

        public void Count(int count) => _writer.Write(count <= MaxCount ? count : throw new ArgumentException($"{count} are more than a message takes.", nameof(count)));

        /// <summary>What means nothing if it is cut.</summary>
        public void Whole(string text)
        {
            _left -= text.Length;
            _writer.Write(text);
        }

        public void Text(string text)
        {
            var room = Math.Min(MaxText, Math.Max(_left, 0));
            if (text.Length > room)
            {
                // Not between the halves of a character.
                var end = room > 0 && char.IsHighSurrogate(text[room - 1]) ? room - 1 : room;
                text = string.Concat(text.AsSpan(0, end), "…");
            }

            Whole(text);
        }

        public void Dispose() => _writer.Dispose();
    }
}
