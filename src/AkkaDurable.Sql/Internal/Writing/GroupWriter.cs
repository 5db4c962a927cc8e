using Microsoft.Extensions.Logging;

namespace AkkaDurable.Sql.Internal.Writing;

/// <summary>
/// Writes what waits in a queue, in groups. It adapts by itself: while one group is on its way the next one collects, a lone operation goes out at once, and when whole groups wait, several are on their way.
/// </summary>
internal sealed class GroupWriter : IAsyncDisposable
{
    private readonly WriteBacklog _backlog;
    private readonly WriteQueue _queue;
    private readonly GroupLoop[] _loops;
    private readonly Task _running;

    public GroupWriter(IReadOnlyList<IGroupExecutor> executors, WriteBacklog backlog, int maxGroupSize, string database, TimeProvider timeProvider, ILogger logger)
    {
        _backlog = backlog;

        // A further commit pays for a large group only: with less, the one that is on its way ends soon and takes all of it. Callers who come back one after the other rarely fill a group to the last place.
        _queue = new WriteQueue(executors.Count, maxGroupSize, Math.Max(1, maxGroupSize * 3 / 4), executors[0].RepeatsRecords);
        var log = new GroupLog(database, logger);
        _loops = [.. executors.Select((executor, number) => new GroupLoop(number, executor, _queue, backlog, maxGroupSize, timeProvider, log))];

        // The loops outlive whoever made the store and must not carry its ambient values, such as a transaction or a trace.
        using (ExecutionContext.SuppressFlow())
        {
            _running = Task.WhenAll(_loops.Select(static loop => loop.StartAsync()).ToArray());
        }
    }

    /// <summary>How many groups have been committed.</summary>
    public long Commits => _loops.Sum(static loop => loop.Commits);

    /// <returns><see langword="false"/> when the writer is closed.</returns>
    public bool TryAdd(WriteOperation operation) => _queue.TryAdd(operation);

    /// <summary>Adds what goes out with the next group, however many wait, and is never refused for their number.</summary>
    /// <returns><see langword="false"/> when the writer is closed.</returns>
    public bool TryAddFirst(WriteOperation operation)
    {
        _backlog.Enter();
        if (_queue.TryAddFirst(operation))
        {
            return true;
        }

        _backlog.Leave(1, operation.Size);
        return false;
    }

    /// <summary>Writes what waits and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Close();
        await _running;
        _queue.Dispose();
    }
}
