using System.Runtime.Serialization;
using System.Text;

namespace AkkaDurable.Internal.Wire;

/// <summary>
/// The texts of a message as strings. Names of server types and messages are few and come with every call, so the last ones are kept, a bounded number, and not made anew. Safe for concurrent use: a place holds a whole
/// name or another whole name.
/// </summary>
internal static class Names
{
    private const int PlaceCount = 256;
    private const int MaxBytes = 256;

    private static readonly Encoding s_strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly Name?[] s_places = new Name?[PlaceCount];

    /// <summary>A name that is likely to have come before.</summary>
    /// <exception cref="SerializationException">It is no text.</exception>
    public static string Known(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length is 0 or > MaxBytes)
        {
            return Read(utf8);
        }

        // Of names that go together the last characters tell most.
        var hash = (uint)utf8.Length;
        foreach (var b in utf8[Math.Max(0, utf8.Length - 8)..])
        {
            hash = (hash ^ b) * 16777619u;
        }

        ref var place = ref s_places[(hash ^ (hash >> 16)) % PlaceCount];
        if (Volatile.Read(ref place) is { } name && utf8.SequenceEqual(name.Utf8))
        {
            return name.Text;
        }

        var text = Read(utf8);
        Volatile.Write(ref place, new Name(utf8.ToArray(), text));
        return text;
    }

    /// <summary>Any text.</summary>
    /// <exception cref="SerializationException">It is no text.</exception>
    public static string Read(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return s_strict.GetString(utf8);
        }
        catch (DecoderFallbackException exception)
        {
            throw new SerializationException("A malformed message was refused: a text is not UTF-8.", exception);
        }
    }

    private sealed record Name(byte[] Utf8, string Text);
}
