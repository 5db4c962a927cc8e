using Microsoft.Extensions.Logging;

namespace AkkaDurable.Management.Internal.Http;

// The audit: who did, or wanted to do, what. The ids never change.
internal sealed partial class AdminApi
{
    [LoggerMessage(7001, LogLevel.Information, "Admin command by {Caller} from {From}: {Command}: {Outcome}")]
    private static partial void LogCommand(ILogger logger, string caller, string from, string command, string outcome);

    [LoggerMessage(7002, LogLevel.Warning, "Admin request refused, from {From}: {Request}: {Reason}")]
    private static partial void LogRefused(ILogger logger, string from, string request, string reason);

    [LoggerMessage(7004, LogLevel.Error, "The admin command {Command} failed.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string command);
}
