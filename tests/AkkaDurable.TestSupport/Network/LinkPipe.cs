using System.Net.Sockets;
using System.Threading.Channels;

namespace AkkaDurable.TestSupport.Network;

/// <summary>Carries bytes from one socket to another; each piece arrives as long after it was sent as the way takes then, and none while it is cut. Pieces travel side by side, so that a delay costs no throughput.</summary>
internal sealed class LinkPipe(Socket from, Socket to, RegionLink link)
{
    private const int PieceSize = 32 * 1024;

    // What a way holds that is slow or cut; beyond it the sender has to wait, as with TCP.
    private const int MaxPieces = 256;

    private static readonly TimeProvider Clock = TimeProvider.System;

    public async Task RunAsync(ReadOnlyMemory<byte> first, CancellationToken cancellationToken)
    {
        var way = Channel.CreateBounded<(long Sent, ReadOnlyMemory<byte> Piece)>(new BoundedChannelOptions(MaxPieces) { SingleReader = true, SingleWriter = true });
        if (!first.IsEmpty)
        {
            await way.Writer.WriteAsync((Clock.GetTimestamp(), first), cancellationToken);
        }

        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = ReadAsync(way.Writer, failed.Token);
        try
        {
            await WriteAsync(way.Reader, cancellationToken);
        }
        catch
        {
            // Nobody takes any more what is read.
            await failed.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        await reading;
    }

    private async Task ReadAsync(ChannelWriter<(long Sent, ReadOnlyMemory<byte> Piece)> way, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var buffer = new byte[PieceSize];
                var count = await from.ReceiveAsync(buffer, cancellationToken);
                if (count == 0)
                {
                    return;
                }

                await way.WriteAsync((Clock.GetTimestamp(), buffer.AsMemory(0, count)), cancellationToken);
            }
        }
        catch (SocketException)
        {
            // Closed by force; what was sent before still arrives.
        }
        finally
        {
            way.Complete();
        }
    }

    private async Task WriteAsync(ChannelReader<(long Sent, ReadOnlyMemory<byte> Piece)> way, CancellationToken cancellationToken)
    {
        await foreach (var (sent, piece) in way.ReadAllAsync(cancellationToken))
        {
            await UntilDueAsync(sent, cancellationToken);
            await to.SendAsync(piece, cancellationToken);
            link.Count(piece.Length);
        }

        // The end of the connection travels like what was sent before it.
        await UntilDueAsync(Clock.GetTimestamp(), cancellationToken);
        to.Shutdown(SocketShutdown.Send);
    }

    private async Task UntilDueAsync(long sent, CancellationToken cancellationToken)
    {
        // A timer counts in whole milliseconds, and may be early by a part of one.
        while (link.Delay - Clock.GetElapsedTime(sent) is { Ticks: > 0 } left)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), Clock, cancellationToken);
        }

        await link.UntilOpenAsync(cancellationToken);
    }
}
