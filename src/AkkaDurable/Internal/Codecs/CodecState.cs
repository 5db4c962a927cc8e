using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace AkkaDurable.Internal.Codecs;

/// <summary>
/// A state as a codec wrote it, in the JSON that every store keeps: <c>{"$codec":"name","data":"base64"}</c>. An object with a property <c>$codec</c> is a codec's and nothing else, so the JSON of a state must not have one.
/// </summary>
internal static class CodecState
{
    // A state's JSON may be as deep, and as free in its form, as the options of its type allow. What they refuse, they refuse later.
    private static readonly JsonReaderOptions s_lenient = new() { MaxDepth = int.MaxValue, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static ReadOnlySpan<byte> Key => "$codec"u8;

    private static ReadOnlySpan<byte> QuotedKey => "\"$codec\""u8;

    private static ReadOnlySpan<byte> Start => "{\"$codec\":\""u8;

    private static ReadOnlySpan<byte> Middle => "\",\"data\":\""u8;

    private static ReadOnlySpan<byte> End => "\"}"u8;

    /// <summary>How many bytes a state takes.</summary>
    /// <param name="codec">The codec.</param>
    /// <param name="length">Of how many bytes of its.</param>
    public static long SizeOf(DurableCodec codec, int length) => Start.Length + codec.Name.Length + Middle.Length + ((length + 2L) / 3 * 4) + End.Length;

    public static byte[] Wrap(DurableCodec codec, ReadOnlySpan<byte> data)
    {
        var json = new byte[SizeOf(codec, data.Length)];
        var rest = json.AsSpan();
        Append(Start, ref rest);
        rest = rest[Encoding.ASCII.GetBytes(codec.Name, rest)..];
        Append(Middle, ref rest);
        var status = Base64.EncodeToUtf8(data, rest, out _, out var written);
        Debug.Assert(status == OperationStatus.Done, "The room was made for it.");
        rest = rest[written..];
        Append(End, ref rest);
        return json;
    }

    /// <summary>Whether JSON is a codec's: by a property of the outermost object.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static bool IsMarked(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf(QuotedKey) < 0)
        {
            return false;
        }

        var reader = new Utf8JsonReader(json, s_lenient);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(Key))
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    /// <summary>Takes apart what <see cref="IsMarked"/>, whatever order a store has put it in.</summary>
    /// <exception cref="FormatException">It is damaged.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static (string Codec, byte[] Data) Unwrap(ReadOnlySpan<byte> json)
    {
        string? codec = null;
        byte[]? data = null;
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isCodec = reader.ValueTextEquals(Key);
            if ((!isCodec && !reader.ValueTextEquals("data"u8)) || (isCodec ? (object?)codec : data) is not null)
            {
                throw Damaged();
            }

            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
            {
                throw Damaged();
            }

            if (isCodec)
            {
                codec = reader.GetString();
            }
            else if (!reader.TryGetBytesFromBase64(out data))
            {
                throw Damaged();
            }
        }

        // What comes behind the object.
        reader.Read();
        return codec is not null && data is not null ? (codec, data) : throw Damaged();
    }

    private static void Append(ReadOnlySpan<byte> part, ref Span<byte> rest)
    {
        part.CopyTo(rest);
        rest = rest[part.Length..];
    }

    private static FormatException Damaged() => new("A codec wrote it, and it is damaged: it is not of the form {\"$codec\":\"…\",\"data\":\"base64\"}.");
}
