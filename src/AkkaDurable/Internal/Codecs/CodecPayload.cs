using System.Buffers;

namespace AkkaDurable.Internal.Codecs;

/// <summary>
/// A message or reply as a codec wrote it: 0xFF, which no JSON begins with nor any UTF-8 has, the codec's id, and its bytes. So each payload says itself how it is read, and JSON is read as ever.
/// </summary>
internal static class CodecPayload
{
    public const byte Mark = 0xFF;

    private const int HeaderSize = 2;

    public static bool IsMarked(ReadOnlyMemory<byte> payload) => !payload.IsEmpty && payload.Span[0] == Mark;

    public static ReadOnlyMemory<byte> Write(DurableCodec codec, Type type, object? value)
    {
        var buffer = CodecBuffer.Take();
        buffer.Write([Mark, codec.Id]);
        codec.Serialize(type, value, buffer);
        ReadOnlyMemory<byte> payload = buffer.WrittenSpan.ToArray();
        CodecBuffer.Return(buffer);
        return payload;
    }

    /// <exception cref="NotSupportedException">It is another codec's.</exception>
    /// <exception cref="FormatException">It is cut off.</exception>
    public static object? Read(DurableCodec? codec, Type type, ReadOnlyMemory<byte> payload)
    {
        if (payload.Length < HeaderSize)
        {
            throw new FormatException("The codec's id is missing.");
        }

        var id = payload.Span[1];
        return codec is not null && codec.Id == id
            ? codec.Deserialize(type, payload[HeaderSize..])
            : throw new NotSupportedException($"It was written by the codec of id {id}; here the server type has {Show(codec)} (DurableServerOptions.Codec).");
    }

    public static string Show(DurableCodec? codec) => codec is null ? "no codec" : $"'{codec.Name}' of id {codec.Id}";
}
