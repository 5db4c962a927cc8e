using System.Buffers;
using AkkaDurable.MemoryPack.Internal;
using MemoryPack;

namespace AkkaDurable.MemoryPack;

/// <summary>
/// Writes messages, replies and states with MemoryPack: <c>options.Codec = MemoryPackCodec.Instance</c>. Their types are partial and have the attribute <c>[MemoryPackable]</c>, unless MemoryPack knows them anyway. Safe for
/// concurrent use.
/// </summary>
/// <remarks>
/// <para>MemoryPack has no field names: of a type in use, members are added at the end and not moved, or the type is version tolerant (<c>GenerateType.VersionTolerant</c>).</para>
/// <para>Types that contain a <see cref="Type"/> are refused, since MemoryPack would load the type that the bytes name.</para>
/// </remarks>
public sealed class MemoryPackCodec : DurableCodec
{
    private const byte WireId = 1;

    private MemoryPackCodec()
        : base("memorypack", WireId)
    {
    }

    /// <summary>The codec, with MemoryPack's default options.</summary>
    public static MemoryPackCodec Instance { get; } = new();

    /// <inheritdoc/>
    public override void Serialize(Type type, object? value, IBufferWriter<byte> target)
    {
        Require(type);
        MemoryPackSerializer.Serialize(type, target, value);
    }

    /// <inheritdoc/>
    public override object? Deserialize(Type type, ReadOnlyMemory<byte> bytes)
    {
        Require(type);
        object? value = null;
        var read = MemoryPackSerializer.Deserialize(type, bytes.Span, ref value);
        return read == bytes.Length
            ? value
            : throw new MemoryPackSerializationException($"Of {bytes.Length} bytes a {type.Name} takes {read}: they are damaged, or another type's.");
    }

    /// <inheritdoc/>
    public override string? RefusalOf(Type type) => PackableTypes.RefusalOf(type);

    private static void Require(Type type)
    {
        if (PackableTypes.RefusalOf(type) is { } rule)
        {
            throw new MemoryPackSerializationException($"MemoryPack cannot have {type.Name}: {rule}.");
        }
    }
}
