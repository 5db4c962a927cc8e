using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace AkkaDurable.Internal.Calls.Recent;

/// <summary>
/// How <see cref="RecentCalls"/> are stored: a version byte; the callers, each with session, floor, last heard, its holes by their distance from the floor, and its calls by their distance from the one before; the given calls with their ids. Numbers are base-128
/// varints, a reply is its length plus one (0: none) and its JSON.
/// </summary>
internal static class RecentCallsFormat
{
    private const byte Version = 1;

    // A thread keeps its buffer, unless it had to grow far beyond what most servers need.
    private const int KeptBufferSize = 16 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? s_buffer;

    public static ReadOnlyMemory<byte> Write(RecentCalls calls)
    {
        var buffer = s_buffer ??= new ArrayBufferWriter<byte>(256);
        buffer.ResetWrittenCount();
        Write(buffer, calls);
        if (buffer.Capacity > KeptBufferSize)
        {
            s_buffer = null;
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(ArrayBufferWriter<byte> buffer, RecentCalls calls)
    {
        buffer.Write([Version]);
        WriteNumber(buffer, calls.Callers.Count);
        for (var i = 0; i < calls.Callers.Count; i++)
        {
            var caller = calls.Callers[i];
            BinaryPrimitives.WriteInt64LittleEndian(buffer.GetSpan(sizeof(long)), caller.Session);
            buffer.Advance(sizeof(long));
            WriteNumber(buffer, caller.Floor);
            WriteNumber(buffer, caller.LastHeard);
            WriteNumber(buffer, caller.Holes.Length);
            foreach (var hole in caller.Holes)
            {
                WriteNumber(buffer, caller.Floor - hole);
            }

            WriteNumber(buffer, caller.Calls.Length);
            var last = caller.Floor;
            foreach (ref var call in caller.Calls)
            {
                WriteNumber(buffer, call.Sequence - last);
                WriteReply(buffer, call.HasReply, call.Written);
                last = call.Sequence;
            }
        }

        WriteNumber(buffer, calls.Given.Count);
        for (var i = 0; i < calls.Given.Count; i++)
        {
            var call = calls.Given[i];
            WriteText(buffer, call.Id);
            WriteNumber(buffer, call.RanAt);
            WriteReply(buffer, call.HasReply, call.Written);
        }
    }

    /// <exception cref="FormatException">It was written by a newer version, or is damaged.</exception>
    public static RecentCalls Read(ReadOnlyMemory<byte> stored, RecentCallsLimits limits)
    {
        var rest = stored;
        var version = Take(ref rest, 1).Span[0];
        if (version != Version)
        {
            throw new FormatException($"What is remembered of the last calls has version {version}; this code reads {Version}.");
        }

        var calls = new RecentCalls(limits);
        for (var callers = ReadNumber(ref rest); callers > 0; callers--)
        {
            var session = BinaryPrimitives.ReadInt64LittleEndian(Take(ref rest, sizeof(long)).Span);
            var floor = ReadNumber(ref rest);
            var caller = calls.AddCaller(session, floor, ReadNumber(ref rest));
            for (var count = ReadNumber(ref rest); count > 0; count--)
            {
                caller.AddHole(floor - ReadNumber(ref rest));
            }

            var last = floor;
            for (var count = ReadNumber(ref rest); count > 0; count--)
            {
                last += ReadNumber(ref rest);
                caller.Add(ReadReply(ref rest, last));
            }
        }

        for (var count = ReadNumber(ref rest); count > 0; count--)
        {
            var id = ReadText(ref rest);
            calls.AddGiven(id, ReadReply(ref rest, ReadNumber(ref rest)));
        }

        return rest.IsEmpty ? calls : throw new FormatException($"What is remembered of the last calls has {rest.Length} bytes too many.");
    }

    private static void WriteNumber(ArrayBufferWriter<byte> buffer, long number)
    {
        var span = buffer.GetSpan(10);
        var length = 0;
        var value = (ulong)number;
        for (; value >= 0x80; value >>= 7)
        {
            span[length++] = (byte)(value | 0x80);
        }

        span[length++] = (byte)value;
        buffer.Advance(length);
    }

    private static void WriteText(ArrayBufferWriter<byte> buffer, string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        WriteNumber(buffer, length);
        buffer.Advance(Encoding.UTF8.GetBytes(text, buffer.GetSpan(length)));
    }

    private static void WriteReply(ArrayBufferWriter<byte> buffer, bool hasReply, ReadOnlySpan<byte> written)
    {
        WriteNumber(buffer, hasReply ? written.Length + 1L : 0);
        buffer.Write(written);
    }

    private static long ReadNumber(ref ReadOnlyMemory<byte> rest)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Take(ref rest, 1).Span[0];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return (long)value >= 0 ? (long)value : throw Damaged();
            }
        }

        throw Damaged();
    }

    private static string ReadText(ref ReadOnlyMemory<byte> rest) => Encoding.UTF8.GetString(Take(ref rest, ReadNumber(ref rest)).Span);

    private static RecentCall ReadReply(ref ReadOnlyMemory<byte> rest, long sequence)
    {
        var call = new RecentCall(sequence);
        if (ReadNumber(ref rest) is > 0 and var length)
        {
            call.SetReply(Take(ref rest, length - 1).Span);
        }

        return call;
    }

    private static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> rest, long length)
    {
        if (length > rest.Length)
        {
            throw Damaged();
        }

        var taken = rest[..(int)length];
        rest = rest[(int)length..];
        return taken;
    }

    private static FormatException Damaged() => new("What is remembered of the last calls is damaged.");
}
