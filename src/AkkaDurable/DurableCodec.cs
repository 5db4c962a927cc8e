using System.Buffers;

namespace AkkaDurable;

/// <summary>
/// Another format than JSON for the messages, replies and states of a server type (<see cref="DurableServerOptions.Codec"/>). One instance may serve several server types; it is used from many threads at once.
/// </summary>
/// <remarks>
/// Which type is read is always said by the reader, from what is declared on its node: a codec must not look up types by names that it finds in the bytes, and must refuse bytes that it cannot read, or that are
/// more than it has read.
/// </remarks>
public abstract class DurableCodec
{
    private const int MaxNameLength = 32;

    /// <summary>Makes a codec.</summary>
    /// <param name="name">What its states are marked with: 1 to 32 lower-case ASCII letters, digits and <c>-</c>. It never changes.</param>
    /// <param name="id">What its messages and replies are marked with. 0 to 127 are AkkaDurable's own; for yours take 128 to 255. It never changes.</param>
    /// <exception cref="ArgumentException">The name is not allowed.</exception>
    protected DurableCodec(string name, byte id)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length is 0 or > MaxNameLength || name.Any(static c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-'))
        {
            throw new ArgumentException($"The codec's name '{name}' is not allowed: it has 1 to {MaxNameLength} lower-case ASCII letters, digits and '-'.", nameof(name));
        }

        Name = name;
        Id = id;
    }

    /// <summary>What its states are marked with.</summary>
    public string Name { get; }

    /// <summary>What its messages and replies are marked with.</summary>
    public byte Id { get; }

    /// <summary>Writes a value. Equal bytes mean an equal value: a state whose bytes are the same as those stored is not written again.</summary>
    /// <param name="type">As what it will be read: a message's own type; the reply type that a call promises; the server's type of state.</param>
    /// <param name="value">A <paramref name="type"/>; <see langword="null"/> only for replies.</param>
    /// <param name="target">Where to. Not to be kept.</param>
    /// <remarks>Whatever it throws means that the value cannot be written: whoever sends or saves it gets a typed failure.</remarks>
    public abstract void Serialize(Type type, object? value, IBufferWriter<byte> target);

    /// <summary>Reads a value.</summary>
    /// <param name="type">As what.</param>
    /// <param name="bytes">All that <see cref="Serialize"/> wrote. They may come from anywhere: damaged, or for another type. Not to be kept.</param>
    /// <returns>A <paramref name="type"/>, or <see langword="null"/>.</returns>
    /// <remarks>Whatever it throws means that the bytes cannot be read: whoever sent or asked gets a typed failure, and a stored state is left as it is.</remarks>
    public abstract object? Deserialize(Type type, ReadOnlyMemory<byte> bytes);

    /// <summary>Says why values of a type can never be written. Asked for the type of the state when a server type is registered.</summary>
    /// <param name="type">The type.</param>
    /// <returns>The reason, as what must be otherwise; <see langword="null"/>: nothing is known against it. The base knows nothing.</returns>
    public virtual string? RefusalOf(Type type) => null;
}
