using Microsoft.Extensions.Logging;

namespace AkkaDurable.Hosting.Internal.Storage;

internal static partial class SqlStore
{
    [LoggerMessage(1, LogLevel.Information, "No state store is configured: the states of the durable servers are kept in {File}.")]
    private static partial void LogDefaultFile(ILogger logger, string file);
}
