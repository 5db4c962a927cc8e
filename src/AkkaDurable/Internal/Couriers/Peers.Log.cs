using Microsoft.Extensions.Logging;

namespace AkkaDurable.Internal.Couriers;

internal sealed partial class Peers
{
    public void LogNotSent(Peer peer, Exception exception) => LogNotSent(_log, peer.ToString(), exception);

    public void LogReplyDropped(Peer peer) => LogReplyDropped(_log, peer.ToString(), peer.MaxWaitingBytes);

    public void LogEntryRefused(Peer peer, Exception exception) => LogEntryRefused(_log, peer.ToString(), exception);

    public void LogBatchRefused(Peer peer, int bytes, string defect) => LogBatchRefused(_log, bytes, peer.ToString(), defect);

    [LoggerMessage(1101, LogLevel.Error, "A message to {Node} could not be written; it was not sent, and its caller was told")]
    private static partial void LogNotSent(ILogger logger, string node, Exception exception);

    [LoggerMessage(1102, LogLevel.Warning, "{Messages} messages to {Node} are lost: it is out of reach")]
    private static partial void LogLost(ILogger logger, int messages, string node);

    [LoggerMessage(1103, LogLevel.Warning, "{ServerType}/{Key}: a cast was dropped, as {MaxBytes} bytes are waiting for {Node} already")]
    private static partial void LogCastDropped(ILogger logger, string serverType, string key, string node, long maxBytes);

    [LoggerMessage(1104, LogLevel.Warning, "A reply to {Node} was dropped, as {MaxBytes} bytes are waiting for it already")]
    private static partial void LogReplyDropped(ILogger logger, string node, long maxBytes);

    [LoggerMessage(1105, LogLevel.Error, "A message in a batch from {Node} was refused; the others were handed on")]
    private static partial void LogEntryRefused(ILogger logger, string node, Exception exception);

    [LoggerMessage(1106, LogLevel.Error, "A batch of {Bytes} bytes from {Node} was refused from its first defect on: {Defect}")]
    private static partial void LogBatchRefused(ILogger logger, int bytes, string node, string defect);
}
