using System.Buffers;
using AkkaDurable.TestKit;
using MemoryPack;

namespace AkkaDurable.MemoryPack.Tests;

public sealed class RefusalTests
{
    [Fact]
    public async Task A_codec_and_DumpState_do_not_go_together()
    {
        var error = Assert.Throws<DurableConfigurationException>(() => ServerProbe.For(() => new DumpingPacker(), configure: options => options.Codec = MemoryPackCodec.Instance));
        Assert.Contains("DurableServerOptions.Codec", error.Message, StringComparison.Ordinal);
        Assert.Contains("memorypack", error.Message, StringComparison.Ordinal);
        Assert.Contains("DumpState", error.Message, StringComparison.Ordinal);

        // While it only reads, states are still dumped.
        await using var reading = ServerProbe.For(() => new DumpingPacker(), configure: options => (options.Codec, options.WriteWithCodec) = (MemoryPackCodec.Instance, false));
        Assert.Equal(new PackReply(0, null), await reading.CallAsync(new Peek()));
    }

    [Fact]
    public void A_state_without_a_formatter_is_refused_at_registration()
    {
        Assert.Contains("Plain must have the attribute [MemoryPackable]", RefusalOf<Plain>(), StringComparison.Ordinal);
        Assert.Contains("Plain must have the attribute [MemoryPackable]", RefusalOf<WithPlain>(), StringComparison.Ordinal);
        Assert.Contains("Plain must have the attribute [MemoryPackable]", RefusalOf<Dictionary<string, Plain[]>>(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_with_a_type_in_it_is_refused_at_registration()
    {
        Assert.Contains("no System.Type", RefusalOf<WithType>(), StringComparison.Ordinal);
        Assert.Contains("no System.Type", RefusalOf<WithTypes>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(int))]
    [InlineData(typeof(PackState))]
    [InlineData(typeof(PackedBasket))]
    [InlineData(typeof(List<PackState>))]
    [InlineData(typeof(IReadOnlyDictionary<string, PackState?[]>))]
    [InlineData(typeof(System.Collections.Immutable.ImmutableArray<PackState>))]
    [InlineData(typeof((int, Guid?, DateTimeOffset)))]
    public void What_MemoryPack_knows_is_not_refused(Type type) => Assert.Null(MemoryPackCodec.Instance.RefusalOf(type));

    [Fact]
    public void No_type_is_loaded_by_a_name_in_the_bytes()
    {
        var bytes = MemoryPackSerializer.Serialize(new WithType(typeof(System.Diagnostics.Process)));
        Assert.Throws<MemoryPackSerializationException>(() => MemoryPackCodec.Instance.Deserialize(typeof(WithType), bytes));
        Assert.Throws<MemoryPackSerializationException>(() => MemoryPackCodec.Instance.Deserialize(typeof(Type), MemoryPackSerializer.Serialize<Type>(typeof(string))));
        Assert.Throws<MemoryPackSerializationException>(() => MemoryPackCodec.Instance.Serialize(typeof(WithType), new WithType(typeof(string)), new ArrayBufferWriter<byte>()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Upper")]
    [InlineData("a b")]
    [InlineData("quote\"")]
    [InlineData("of-thirty-three-characters-123456")]
    public void A_codecs_name_is_checked(string name) => Assert.Throws<ArgumentException>(() => new Nameless(name));

    private static string RefusalOf<TState>()
        where TState : notnull =>
        Assert.Throws<DurableConfigurationException>(() => ServerProbe.For(() => new ServerOf<TState>(), configure: options => options.Codec = MemoryPackCodec.Instance)).Message;

    private sealed class Nameless(string name) : DurableCodec(name, 200)
    {
        public override void Serialize(Type type, object? value, IBufferWriter<byte> target) => throw new NotSupportedException();

        public override object? Deserialize(Type type, ReadOnlyMemory<byte> bytes) => throw new NotSupportedException();
    }
}
