using Microsoft.Extensions.Logging;

namespace AkkaDurable.Internal.Groups.Hub;

internal sealed partial class GroupHub
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "A message for the group {Group} was refused: its alias is {Alias}.")]
    private static partial void LogDispatchRejected(ILogger log, string group, string alias, Exception error);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Messages about groups and servers from {Node} were lost; it has told all anew.")]
    private static partial void LogRepaired(ILogger log, string node);
}
