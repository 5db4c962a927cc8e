using System.Buffers.Binary;
using System.Runtime.Serialization;

namespace AkkaDurable.Internal.Wire;

/// <summary>Goes through the fields of a protobuf message without making objects; those that the caller does not know it passes over.</summary>
/// <exception cref="SerializationException">A field cannot be read.</exception>
internal ref struct FieldReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>The field's number and type as one: what protobuf calls its tag.</summary>
    public uint Tag { get; private set; }

    /// <summary>The field's content if it is a number.</summary>
    public long Number { get; private set; }

    /// <summary>The field's content if it is a text or bytes.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    public bool TryRead()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var tag = Varint();
        if (tag >> 3 is 0 or > 0x1FFF_FFFF)
        {
            throw Malformed();
        }

        Tag = (uint)tag;
        switch (tag & 7)
        {
            case 0:
                Number = (long)Varint();
                break;
            case 1:
                Number = BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));
                break;
            case 2:
                Bytes = Take(Varint());
                break;
            case 5:
                Take(sizeof(int));
                break;
            default:
                throw Malformed();
        }

        return true;
    }

    private static SerializationException Malformed() => new("A malformed message was refused: a field cannot be read.");

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
        {
            throw Malformed();
        }

        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }

    private ulong Varint()
    {
        var value = 0UL;
        for (var i = 0; i < _rest.Length && i < 10; i++)
        {
            value |= (ulong)(_rest[i] & 0x7F) << (7 * i);
            if (_rest[i] < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }

        throw Malformed();
    }
}
