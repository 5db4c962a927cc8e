using System.Text.Json;

namespace AkkaDurable.Internal.Calls;

/// <summary>Reading and writing the JSON of messages and replies.</summary>
internal static class PayloadJson
{
    /// <summary>For the answers to control messages, which are ours; messages and their replies go by the options of their server type.</summary>
    public static JsonSerializerOptions ControlOptions => JsonSerializerOptions.Default;

    public static ReadOnlyMemory<byte> Write(object? value, Type type, JsonSerializerOptions options) =>
        JsonSerializer.SerializeToUtf8Bytes(value, type, options);

    public static object? Read(ReadOnlyMemory<byte> json, Type type, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize(json.Span, type, options);

    public static TReply ReadReply<TReply>(EncodedPayload encoded, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize<TReply>(encoded.Json.Span, options)!;
}
