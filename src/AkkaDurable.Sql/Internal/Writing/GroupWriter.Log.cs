using Microsoft.Extensions.Logging;

namespace AkkaDurable.Sql.Internal.Writing;

internal sealed partial class GroupWriter
{
    [LoggerMessage(EventId = 4101, Level = LogLevel.Warning, Message = "Writes fail: {Reason}")]
    private partial void LogFailing(Exception? cause, string reason);

    [LoggerMessage(EventId = 4102, Level = LogLevel.Information, Message = "{Database}: writes succeed again")]
    private partial void LogBack(string database);

    [LoggerMessage(EventId = 4103, Level = LogLevel.Warning, Message = "{Database}: {ServerType} {Key} cannot be written: {Reason}")]
    private partial void LogMember(string database, string serverType, string key, string reason);

    [LoggerMessage(EventId = 4104, Level = LogLevel.Error, Message = "{Database}: a group of {Count} writes failed unexpectedly")]
    private partial void LogUnexpected(Exception cause, string database, int count);
}
