using Microsoft.Extensions.Logging;

namespace AkkaDurable.Internal.Leases;

internal sealed partial class NodeLeaseKeeper
{
    [LoggerMessage(1, LogLevel.Debug, "This node has the lease {LeaseId}.")]
    private static partial void LogCreated(ILogger logger, long leaseId);

    [LoggerMessage(2, LogLevel.Warning, "This node's lease {LeaseId} was taken away, since another node was to own servers of this one or this one was silent for too long. Servers are claimed again with their next message; for {Probation} this node takes no lease from others.")]
    private static partial void LogLost(ILogger logger, long leaseId, TimeSpan probation);

    [LoggerMessage(3, LogLevel.Warning, "This node's lease could not be renewed; once it has run out its servers do not answer until the state store is back.")]
    private static partial void LogRenewalFailed(ILogger logger, Exception exception);

    [LoggerMessage(4, LogLevel.Information, "The state store is back: this node's lease was renewed.")]
    private static partial void LogStoreBack(ILogger logger);

    [LoggerMessage(5, LogLevel.Information, "Took the lease {LeaseId} away from {Node}: this node is to own a server that it holds.")]
    private static partial void LogRevoked(ILogger logger, long leaseId, string node);

    [LoggerMessage(6, LogLevel.Information, "The lease {LeaseId} of {Node} has run out; what it held can be claimed.")]
    private static partial void LogExpired(ILogger logger, long leaseId, string node);

    [LoggerMessage(7, LogLevel.Warning, "This node's lease could not be given back; others wait until it has run out. {Reason}")]
    private static partial void LogReleaseFailed(ILogger logger, string reason);

    [LoggerMessage(8, LogLevel.Warning, "This node's lease was renewed, but the answer was taken {Elapsed:0.0} s after it was asked for, when the lease had run out again; servers did not answer meanwhile. The process or its machine was stopped for a while, or code that blocks left the thread pool without threads.")]
    private static partial void LogRenewedLate(ILogger logger, double elapsed);
}
