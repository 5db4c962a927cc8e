using System.Buffers;

namespace AkkaDurable.Internal.Codecs;

/// <summary>Scratch space for what a codec writes; each thread has one.</summary>
internal static class CodecBuffer
{
    // A larger one is dropped after use.
    private const int KeptSize = 64 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_kept;

    /// <summary>An empty one. Taken away meanwhile: a getter of the value's own may send a message, which is written too.</summary>
    public static ArrayBufferWriter<byte> Take()
    {
        var buffer = t_kept ?? new ArrayBufferWriter<byte>(1024);
        t_kept = null;
        buffer.ResetWrittenCount();
        return buffer;
    }

    public static void Return(ArrayBufferWriter<byte> buffer)
    {
        if (buffer.Capacity <= KeptSize)
        {
            t_kept = buffer;
        }
    }
}
