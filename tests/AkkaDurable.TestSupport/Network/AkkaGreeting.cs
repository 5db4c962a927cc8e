using System.Buffers.Binary;
using System.Net.Sockets;
using Google.Protobuf;

namespace AkkaDurable.TestSupport.Network;

/// <summary>The first message of a connection of Akka.Remote: it tells the address by which others reach the caller.</summary>
/// <param name="CallerPort">The port of that address.</param>
/// <param name="Bytes">The message as it came, to be passed on.</param>
internal sealed record AkkaGreeting(int CallerPort, ReadOnlyMemory<byte> Bytes)
{
    private const int PrefixSize = 4;
    private const int MaxSize = 64 * 1024;

    // The numbers of the fields in Akka's WireFormats.proto: AkkaProtocolMessage, AkkaControlMessage, AkkaHandshakeInfo, AddressData.
    private const int Instruction = 2;
    private const int HandshakeInfo = 2;
    private const int Origin = 1;
    private const int Port = 3;

    /// <returns><see langword="null"/>: the connection was closed before.</returns>
    /// <exception cref="InvalidOperationException">What came is no such message.</exception>
    public static async Task<AkkaGreeting?> ReadAsync(Socket socket, CancellationToken cancellationToken)
    {
        var prefix = new byte[PrefixSize];
        if (!await FillAsync(socket, prefix, cancellationToken))
        {
            return null;
        }

        var size = BinaryPrimitives.ReadInt32LittleEndian(prefix);
        if (size is <= 0 or > MaxSize)
        {
            throw new InvalidOperationException($"The first message of a connection has {size} bytes; it is not one of Akka.Remote.");
        }

        var bytes = new byte[PrefixSize + size];
        prefix.CopyTo(bytes, 0);
        return await FillAsync(socket, bytes.AsMemory(PrefixSize), cancellationToken) ? new AkkaGreeting(PortOf(bytes.AsMemory(PrefixSize)), bytes) : null;
    }

    private static int PortOf(ReadOnlyMemory<byte> message)
    {
        var address = Part(Part(Part(message, Instruction), HandshakeInfo), Origin);
        var input = new CodedInputStream(address.ToArray());
        while (input.ReadTag() is not 0 and var tag)
        {
            if (WireFormat.GetTagFieldNumber(tag) == Port)
            {
                return (int)input.ReadUInt32();
            }

            input.SkipLastField();
        }

        throw new InvalidOperationException("The first message of a connection tells no port.");
    }

    private static ReadOnlyMemory<byte> Part(ReadOnlyMemory<byte> message, int field)
    {
        var input = new CodedInputStream(message.ToArray());
        while (input.ReadTag() is not 0 and var tag)
        {
            if (WireFormat.GetTagFieldNumber(tag) == field && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
            {
                return input.ReadBytes().Memory;
            }

            input.SkipLastField();
        }

        throw new InvalidOperationException($"The first message of a connection has no field {field}; it is not a greeting of Akka.Remote.");
    }

    private static async Task<bool> FillAsync(Socket socket, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (!buffer.IsEmpty)
        {
            var count = await socket.ReceiveAsync(buffer, cancellationToken);
            if (count == 0)
            {
                return false;
            }

            buffer = buffer[count..];
        }

        return true;
    }
}
