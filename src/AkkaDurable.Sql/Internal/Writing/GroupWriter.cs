using Microsoft.Extensions.Logging;

namespace AkkaDurable.Sql.Internal.Writing;

/// <summary>
/// Writes what waits in a queue, in groups. It adapts by itself: while one group is on its way the next one collects, and a lone operation goes out at once.
/// </summary>
internal sealed partial class GroupWriter : IAsyncDisposable
{
    // Contention of several processes over the same records is rare and short; whoever loses this often meets something else.
    private const int MaxAttempts = 10;

    // Into how many parts a group is split to find the member at fault.
    private const int Parts = 16;

    // How often the processor is given up for the callers who were just answered and are about to come back.
    private const int MaxYields = 6;

    private readonly IGroupExecutor _executor;
    private readonly WriteBacklog _backlog;
    private readonly WriteQueue _queue;
    private readonly TimeProvider _timeProvider;
    private readonly string _database;
    private readonly ILogger _logger;
    private readonly Task _loop;
    private readonly int _maxGroupSize;
    private bool _failing;
    private int _expected;
    private long _commits;

    public GroupWriter(IGroupExecutor executor, WriteBacklog backlog, int maxGroupSize, string database, TimeProvider timeProvider, ILogger logger)
    {
        _executor = executor;
        _maxGroupSize = maxGroupSize;
        _backlog = backlog;
        _queue = new WriteQueue(maxGroupSize, executor.RepeatsRecords);
        _timeProvider = timeProvider;
        _database = database;
        _logger = logger;

        // The loop outlives whoever made the store and must not carry its ambient values, such as a transaction or a trace.
        using (ExecutionContext.SuppressFlow())
        {
            _loop = executor.Blocks
                ? Task.Factory.StartNew(() => RunAsync().GetAwaiter().GetResult(), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                : Task.Run(RunAsync);
        }
    }

    /// <summary>How many groups have been committed.</summary>
    public long Commits => Interlocked.Read(ref _commits);

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
        await _loop;
    }

    private async Task RunAsync()
    {
        var group = new List<WriteOperation>();
        while (await _queue.WaitAsync(_executor.Blocks))
        {
            await GatherAsync();
            group.Clear();
            _queue.Take(group);
            Leave(group, from: 0);
            group.RemoveAll(static operation => operation.IsAbandoned);
            var size = group.Count;
            await WriteAsync(group);

            // A caller who waits alone is never kept waiting for others.
            _expected = size > 1 ? Math.Min(size + _queue.Count, _maxGroupSize) : 0;
        }

        await _executor.DisposeAsync();
        _queue.Dispose();
    }

    /// <summary>
    /// Lets the callers who were just answered come back before the next group starts. Otherwise it would start with those few who were fastest, the others would have to wait for the one after it,
    /// and groups would be half as large as they could be. It takes microseconds, and nothing is waited for that may not come.
    /// </summary>
    private async ValueTask GatherAsync()
    {
        for (var yields = 0; yields < MaxYields && _queue.Count < _expected; yields++)
        {
            if (_executor.Blocks)
            {
                Thread.Yield();
            }
            else
            {
                await Task.Yield();
            }
        }
    }

    private async ValueTask WriteAsync(List<WriteOperation> group)
    {
        for (var attempt = 1; group.Count > 0; attempt++)
        {
            var failure = await TryExecuteAsync(group);
            if (failure is null)
            {
                Interlocked.Increment(ref _commits);
                CompleteDecided(group);
                NoteSuccess();
                if (group.Count == 0 || attempt < MaxAttempts)
                {
                    continue;
                }

                failure = new WriteFailure(FailureKind.Contention, $"{_database}: others changed the same records all the time.", null);
            }
            else if (failure.Kind == FailureKind.Contention && attempt < MaxAttempts)
            {
                continue;
            }

            await GiveUpAsync(group, failure);
            return;
        }
    }

    private async ValueTask<WriteFailure?> TryExecuteAsync(List<WriteOperation> group)
    {
        foreach (var operation in group)
        {
            operation.Undecide();
        }

        try
        {
            return await _executor.ExecuteAsync(group, Now());
        }
        catch (Exception unexpected)
        {
            // Executors report the failures they know of. Should one throw nevertheless, the waiting callers must hear of it and the loop must go on.
            LogUnexpected(unexpected, _database, group.Count);
            return new WriteFailure(FailureKind.Unknown, $"{_database}: the writer failed unexpectedly: {unexpected.Message}", unexpected);
        }
    }

    private async ValueTask GiveUpAsync(List<WriteOperation> group, WriteFailure failure)
    {
        if (failure.Kind == FailureKind.Member && group.Count > 1)
        {
            // Into a few parts rather than one by one: a record that fails at each try should not cost each of its neighbours a commit of its own every time.
            foreach (var part in group.Chunk((group.Count + Parts - 1) / Parts))
            {
                await WriteAsync([.. part]);
            }

            return;
        }

        if (failure.Kind == FailureKind.Member)
        {
            LogMember(_database, group[0].Id.ServerType, group[0].Id.Key, failure.Message);
        }
        else
        {
            NoteFailure(failure);
        }

        if (failure.Kind == FailureKind.Unreachable)
        {
            // Each further group would wait as long in vain, and its callers behind it.
            var before = group.Count;
            _queue.TakeAll(group);
            Leave(group, from: before);
        }

        foreach (var operation in group)
        {
            operation.Fail(failure.ToException());
        }
    }

    private void Leave(List<WriteOperation> group, int from)
    {
        var bytes = 0L;
        for (var i = from; i < group.Count; i++)
        {
            bytes += group[i].Size;
        }

        _backlog.Leave(group.Count - from, bytes);
    }

    private static void CompleteDecided(List<WriteOperation> group) => group.RemoveAll(static operation =>
    {
        if (operation.IsDecided)
        {
            operation.Complete();
        }

        return operation.IsDecided;
    });

    // Databases keep less than the clock's ticks; so that what a claim returns equals what is read later, all is cut to what all of them keep.
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(_timeProvider.GetUtcNow().ToUnixTimeMilliseconds());

    private void NoteFailure(WriteFailure failure)
    {
        // Once an outage, not once a group.
        if (!_failing)
        {
            LogFailing(failure.Cause, failure.Message);
        }

        _failing = true;
    }

    private void NoteSuccess()
    {
        if (_failing)
        {
            LogBack(_database);
        }

        _failing = false;
    }
}
