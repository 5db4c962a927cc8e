using System.Buffers.Binary;
using System.Text;

namespace AkkaDurable.Internal.Wire;

/// <summary>
/// Writes fields as protobuf has them, into memory that is known to be large enough (<see cref="Room"/>): what the generated code does, without its objects. For the messages of which there is one a call.
/// </summary>
internal ref struct FieldWriter(Span<byte> target)
{
    /// <summary>More than a field takes besides its text or bytes.</summary>
    public const int Room = 16;

    private readonly Span<byte> _target = target;

    public int Length { get; private set; }

    /// <summary>The most bytes that a text takes.</summary>
    public static int RoomFor(string? text) => text is null ? 0 : Room + Encoding.UTF8.GetMaxByteCount(text.Length);

    /// <summary>An empty text is left out, as all that has its default value.</summary>
    public void Text(int field, string text)
    {
        if (text.Length != 0)
        {
            PresentText(field, text);
        }
    }

    /// <summary>For a field that is optional: present even if it is empty.</summary>
    public void PresentText(int field, string text)
    {
        Tag(field, 2);
        Varint((ulong)Encoding.UTF8.GetByteCount(text));
        Length += Encoding.UTF8.GetBytes(text, _target[Length..]);
    }

    public void Bytes(int field, ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty)
        {
            PresentBytes(field, bytes);
        }
    }

    public void PresentBytes(int field, ReadOnlySpan<byte> bytes)
    {
        Tag(field, 2);
        Varint((ulong)bytes.Length);
        bytes.CopyTo(_target[Length..]);
        Length += bytes.Length;
    }

    public void Number(int field, long number)
    {
        if (number != 0)
        {
            Tag(field, 0);
            Varint((ulong)number);
        }
    }

    public void Fixed(int field, long number)
    {
        if (number != 0)
        {
            Tag(field, 1);
            BinaryPrimitives.WriteInt64LittleEndian(_target[Length..], number);
            Length += sizeof(long);
        }
    }

    private void Tag(int field, int type) => Varint((ulong)((field << 3) | type));

    private void Varint(ulong rest)
    {
        while (rest >= 0x80)
        {
            _target[Length++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        _target[Length++] = (byte)rest;
    }
}
