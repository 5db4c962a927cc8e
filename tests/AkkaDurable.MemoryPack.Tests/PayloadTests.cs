using System.Buffers;
using System.Text.Json;
using AkkaDurable.Internal.Calls;
using CsCheck;
using MemoryPack;

namespace AkkaDurable.MemoryPack.Tests;

public sealed class PayloadTests
{
    private static readonly Gen<Put> s_puts = Gen.Select(Gen.String.Null(), Gen.Int, static (text, by) => new Put(text, by));

    [Fact]
    public void A_payload_is_the_mark_the_codecs_id_and_its_bytes()
    {
        var payload = Write(new Put("a", 3));
        Assert.Equal("FF01" + "02" + "FEFFFFFF0100000061" + "03000000", Convert.ToHexString(payload.Span));
        Assert.Equal(new Put("a", 3), Read<Put>(payload));
    }

    [Fact]
    public void JSON_is_read_by_whoever_has_a_codec() =>
        Assert.Equal(new Put("a", 3), Read<Put>(JsonSerializer.SerializeToUtf8Bytes(new Put("a", 3))));

    [Fact]
    public void What_another_codec_wrote_is_refused_by_its_id()
    {
        var payload = Write(new Put("a"), new Reversed());
        Assert.Equal("FFC8", Convert.ToHexString(payload.Span[..2]));
        Assert.Equal(new Put("a"), Payloads.Read(payload, typeof(Put), JsonSerializerOptions.Default, new Reversed()));
        Assert.Contains("id 200; here the server type has 'memorypack' of id 1", Assert.Throws<NotSupportedException>(() => Read<Put>(payload)).Message, StringComparison.Ordinal);
        Assert.Contains("id 200; here the server type has no codec", Assert.Throws<NotSupportedException>(() => Payloads.Read(payload, typeof(Put), JsonSerializerOptions.Default, null)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FF")]
    [InlineData("FF01")]
    [InlineData("FF0102FEFFFFFF01000000610300")]
    [InlineData("FF0102FEFFFFFF010000006103000000AA")]
    [InlineData("FF0102FEFFFFFFFFFFFF7F6103000000")]
    [InlineData("FF0103FEFFFFFF010000006103000000")]
    [InlineData("FF01FF")]
    public void Damaged_bytes_are_refused(string hex)
    {
        var payload = Convert.FromHexString(hex);
        var error = Record.Exception(() => Read<Put>(payload) ?? throw new JsonException("The message is null."));
        Assert.True(error is FormatException or MemoryPackSerializationException or ArgumentException or OverflowException or JsonException, error?.ToString() ?? "It was read.");
    }

    [Fact]
    public void A_getter_that_writes_another_payload_does_not_disturb_the_first()
    {
        var payload = Payloads.Write(new Put("outer"), typeof(Put), JsonSerializerOptions.Default, new Nesting());
        Assert.Equal(new Put("outer"), Payloads.Read(payload, typeof(Put), JsonSerializerOptions.Default, new Nesting()));
    }

    [Fact]
    public void Any_message_comes_back_and_has_the_bytes_that_it_had() =>
        s_puts.Sample(put =>
        {
            var payload = Write(put);
            return Read<Put>(payload) == put && Write(Read<Put>(payload)!).Span.SequenceEqual(payload.Span);
        });

    // A state is not written when its bytes are those that are stored.
    [Fact]
    public void Two_messages_have_the_same_bytes_only_if_they_are_equal() =>
        Gen.Select(s_puts, s_puts).Sample(static (left, right) => Write(left).Span.SequenceEqual(Write(right).Span) == (left == right));

    [Fact]
    public void A_byte_that_was_changed_or_cut_off_is_read_as_a_message_or_refused() =>
        Gen.Select(s_puts, Gen.Int[0, int.MaxValue], Gen.Byte, Gen.Bool).Sample(static (put, at, value, isCut) =>
        {
            var payload = Write(put).ToArray();
            var index = 2 + (at % (payload.Length - 2));
            if (isCut)
            {
                payload = payload[..index];
            }
            else
            {
                payload[index] = value;
            }

            try
            {
                return Read<Put>(payload) is not { } read || Read<Put>(Write(read)) == read;
            }
            catch (Exception exception) when (exception is MemoryPackSerializationException or ArgumentException or OverflowException)
            {
                return true;
            }
        });

    private static ReadOnlyMemory<byte> Write(Put put, DurableCodec? codec = null) => Payloads.Write(put, typeof(Put), JsonSerializerOptions.Default, codec ?? MemoryPackCodec.Instance);

    private static T? Read<T>(ReadOnlyMemory<byte> payload)
        where T : class => (T?)Payloads.Read(payload, typeof(T), JsonSerializerOptions.Default, MemoryPackCodec.Instance);

    /// <summary>Somebody's own codec: JSON from the back.</summary>
    private sealed class Reversed() : DurableCodec("reversed", 200)
    {
        public override void Serialize(Type type, object? value, IBufferWriter<byte> target)
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(value, type);
            json.AsSpan().Reverse();
            target.Write(json);
        }

        public override object? Deserialize(Type type, ReadOnlyMemory<byte> bytes)
        {
            var json = bytes.ToArray();
            json.AsSpan().Reverse();
            return JsonSerializer.Deserialize(json, type);
        }
    }

    /// <summary>Has another message written while it writes.</summary>
    private sealed class Nesting() : DurableCodec("nesting", 201)
    {
        public override void Serialize(Type type, object? value, IBufferWriter<byte> target)
        {
            Write(new Put("inner"));
            MemoryPackCodec.Instance.Serialize(type, value, target);
        }

        public override object? Deserialize(Type type, ReadOnlyMemory<byte> bytes) => MemoryPackCodec.Instance.Deserialize(type, bytes);
    }
}
