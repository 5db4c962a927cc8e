using Microsoft.Extensions.Logging;

namespace AkkaDurable.Sql.Internal.Writing;

/// <summary>What the loops of a store log. Thread-safe.</summary>
internal sealed partial class GroupLog(string database, ILogger logger)
{
    private readonly ILogger _logger = logger;
    private volatile bool _failing;

    public string Database => database;

    /// <summary>Logs once an outage, not once a group.</summary>
    public void NoteFailure(WriteFailure failure)
    {
        if (!Interlocked.Exchange(ref _failing, true))
        {
            LogFailing(failure.Cause, failure.Message);
        }
    }

    public void NoteSuccess()
    {
        if (_failing && Interlocked.Exchange(ref _failing, false))
        {
            LogBack(database);
        }
    }

    public void NoteMember(WriteOperation operation, WriteFailure failure) => LogMember(database, operation.Id.ServerType, operation.Id.Key, failure.Message);

    public void NoteUnexpected(Exception cause, int count) => LogUnexpected(cause, database, count);

    [LoggerMessage(EventId = 4101, Level = LogLevel.Warning, Message = "Writes fail: {Reason}")]
    private partial void LogFailing(Exception? cause, string reason);

    [LoggerMessage(EventId = 4102, Level = LogLevel.Information, Message = "{Database}: writes succeed again")]
    private partial void LogBack(string database);

    [LoggerMessage(EventId = 4103, Level = LogLevel.Warning, Message = "{Database}: {ServerType} {Key} cannot be written: {Reason}")]
    private partial void LogMember(string database, string serverType, string key, string reason);

    [LoggerMessage(EventId = 4104, Level = LogLevel.Error, Message = "{Database}: a group of {Count} writes failed unexpectedly")]
    private partial void LogUnexpected(Exception cause, string database, int count);
}
