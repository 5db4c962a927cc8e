using System.Text.Json;
using AkkaDurable.Internal.Codecs;

namespace AkkaDurable.Internal.Calls;

/// <summary>Reading and writing messages and replies: JSON, or what a codec makes. JSON is always read.</summary>
internal static class Payloads
{
    /// <summary>For the answers to control messages, which are ours; messages and their replies go by the options of their server type.</summary>
    public static JsonSerializerOptions ControlOptions => JsonSerializerOptions.Default;

    public static ReadOnlyMemory<byte> Write(object? value, Type type, JsonSerializerOptions options, DurableCodec? codec) =>
        codec is null ? JsonSerializer.SerializeToUtf8Bytes(value, type, options) : CodecPayload.Write(codec, type, value);

    /// <summary>Throws whatever reading threw.</summary>
    public static object? Read(ReadOnlyMemory<byte> payload, Type type, JsonSerializerOptions options, DurableCodec? codec) =>
        CodecPayload.IsMarked(payload) ? CodecPayload.Read(codec, type, payload) : JsonSerializer.Deserialize(payload.Span, type, options);

    /// <summary>Throws whatever reading threw.</summary>
    public static TReply ReadReply<TReply>(EncodedPayload encoded, JsonSerializerOptions options, DurableCodec? codec) =>
        CodecPayload.IsMarked(encoded.Json) ? (TReply)CodecPayload.Read(codec, typeof(TReply), encoded.Json)! : JsonSerializer.Deserialize<TReply>(encoded.Json.Span, options)!;

    /// <summary>The format's name for error messages.</summary>
    public static string NameOf(DurableCodec? codec) => codec?.Name ?? "JSON";
}
