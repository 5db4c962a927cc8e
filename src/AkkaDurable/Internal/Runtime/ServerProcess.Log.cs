using Microsoft.Extensions.Logging;

namespace AkkaDurable.Internal.Runtime;

internal sealed partial class ServerProcess
{
    [LoggerMessage(1001, LogLevel.Error, "{ServerType}/{Key}: handler of {Kind} failed; the server restarts from its stored state")]
    private static partial void LogHandlerFailed(ILogger logger, string serverType, string key, string kind, Exception exception);

    [LoggerMessage(1002, LogLevel.Error, "{ServerType}/{Key}: could not be started")]
    private static partial void LogInitFailed(ILogger logger, string serverType, string key, Exception exception);

    [LoggerMessage(1003, LogLevel.Error, "{ServerType}/{Key}: could not be claimed")]
    private static partial void LogClaimFailed(ILogger logger, string serverType, string key, Exception exception);

    [LoggerMessage(1004, LogLevel.Error, "{ServerType}/{Key}: the stored state of version {Version} cannot be read; the record was left as it is")]
    private static partial void LogLoadFailed(ILogger logger, string serverType, string key, int version, Exception exception);

    [LoggerMessage(1005, LogLevel.Error, "{ServerType}/{Key}: a save failed; its callers were told that the outcome is unknown, and the server restarts from what is stored")]
    private static partial void LogSaveFailed(ILogger logger, string serverType, string key, Exception exception);

    [LoggerMessage(1006, LogLevel.Warning, "{ServerType}/{Key}: another node has claimed the record; this incarnation (epoch {Epoch}) is stale and stops")]
    private static partial void LogOwnershipLost(ILogger logger, string serverType, string key, long epoch);

    [LoggerMessage(1007, LogLevel.Error, "{ServerType}/{Key}: the final save failed; what was not stored before is lost, and nothing of it was acknowledged under SavePolicy.EveryChange")]
    private static partial void LogFinalSaveFailed(ILogger logger, string serverType, string key, Exception exception);

    [LoggerMessage(1008, LogLevel.Error, "{ServerType}/{Key}: Terminate failed; the state from before it is saved")]
    private static partial void LogTerminateFailed(ILogger logger, string serverType, string key, Exception? exception);

    [LoggerMessage(1009, LogLevel.Error, "{ServerType}/{Key}: AfterTerminate failed")]
    private static partial void LogAfterTerminateFailed(ILogger logger, string serverType, string key, Exception exception);

    [LoggerMessage(1010, LogLevel.Error, "{ServerType}/{Key}: stopped with an error")]
    private static partial void LogStoppedByError(ILogger logger, string serverType, string key, Exception exception);

    [LoggerMessage(1011, LogLevel.Warning, "{ServerType}/{Key}: a message of kind {Kind} was not handled (Unhandled)")]
    private static partial void LogUnhandled(ILogger logger, string serverType, string key, string kind);

    [LoggerMessage(1012, LogLevel.Warning, "{ServerType}/{Key}: a cast was dropped: {Reason}")]
    private static partial void LogCastDropped(ILogger logger, string serverType, string key, string reason);

    [LoggerMessage(1013, LogLevel.Warning, "{ServerType}/{Key}: a message of type {MessageType} was dropped: {Reason}")]
    private static partial void LogInfoDropped(ILogger logger, string serverType, string key, string messageType, string reason);

    [LoggerMessage(1014, LogLevel.Warning, "{ServerType}/{Key}: the message '{Alias}' could not be read and was refused")]
    private static partial void LogMessageRejected(ILogger logger, string serverType, string key, string alias, Exception exception);

    [LoggerMessage(1015, LogLevel.Warning, "{ServerType}/{Key}: a handler replied to {Request} a second time; the first reply stands")]
    private static partial void LogAnsweredTwice(ILogger logger, string serverType, string key, string request);

    [LoggerMessage(1017, LogLevel.Critical, "{ServerType}/{Key}: the runtime failed; all who waited were told, and the next message starts the server from what is stored")]
    private static partial void LogCollapsed(ILogger logger, string serverType, string key, Exception exception);

    [LoggerMessage(1019, LogLevel.Warning, "{ServerType}/{Key}: ended by force while {Phase}; what was not stored is lost, and nobody was acknowledged for it")]
    private static partial void LogEndedByForce(ILogger logger, string serverType, string key, string phase);

    [LoggerMessage(1018, LogLevel.Error, "{ServerType}: Dispose of a server failed")]
    internal static partial void LogDisposeFailed(ILogger logger, string serverType, Exception exception);

    [LoggerMessage(1016, LogLevel.Warning, "{ServerType}/{Key}: a message of type {MessageType} was not sent, since the state that it was computed from was not saved: {Reason}")]
    private static partial void LogOutputDropped(ILogger logger, string serverType, string key, string messageType, string reason);

    [LoggerMessage(1021, LogLevel.Error, "{ServerType}/{Key} crashed {Count} times within {Window} and is not started any more but on request")]
    private static partial void LogCrashedForGood(ILogger logger, string serverType, string key, int count, TimeSpan window);

    [LoggerMessage(1022, LogLevel.Warning, "{ServerType}/{Key} crashed lately and starts again in {Delay}")]
    private static partial void LogBackingOff(ILogger logger, string serverType, string key, TimeSpan delay);

    [LoggerMessage(1024, LogLevel.Information, "{ServerType}/{Key} was saved by newer code (state version {Version}): its shard goes to a node that runs it")]
    private static partial void LogMovesToNewer(ILogger logger, string serverType, string key, int version);

    [LoggerMessage(1023, LogLevel.Error, "{ServerType}: its servers crash one after the other on this node; for {Pause} none is started that nobody asked for")]
    private static partial void LogRestartsPaused(ILogger logger, string serverType, TimeSpan pause);

    [LoggerMessage(1020, LogLevel.Debug, "{ServerType}/{Key}: the call {CallId} came again and was not run again; its reply is remembered: {IsReplied}")]
    private static partial void LogAnsweredAgain(ILogger logger, string serverType, string key, string callId, bool isReplied);
}
