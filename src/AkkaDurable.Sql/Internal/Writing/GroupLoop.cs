namespace AkkaDurable.Sql.Internal.Writing;

/// <summary>Takes groups from the queue and has one executor write them, one after the other.</summary>
internal sealed class GroupLoop(int number, IGroupExecutor executor, WriteQueue queue, WriteBacklog backlog, int maxGroupSize, TimeProvider timeProvider, GroupLog log)
{
    // Contention of several processes over the same records is rare and short; whoever loses this often meets something else.
    private const int MaxAttempts = 10;

    // Into how many parts a group is split to find the member at fault.
    private const int Parts = 16;

    // How often the processor is given up for the callers who were just answered and are about to come back.
    private const int MaxYields = 6;

    private readonly List<WriteOperation> _through = [];
    private int _expected;
    private long _commits;

    /// <summary>How many groups have been committed.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    /// <returns>Ends when the queue is closed and empty.</returns>
    public Task StartAsync() => executor.Blocks
        ? Task.Factory.StartNew(() => RunAsync().GetAwaiter().GetResult(), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
        : Task.Run(RunAsync);

    private async Task RunAsync()
    {
        var group = new List<WriteOperation>();
        while (await queue.WaitAsync(number, executor.Blocks))
        {
            await GatherAsync();
            group.Clear();
            queue.Take(number, group);
            Leave(group, from: 0);
            TakeOut(group, static operation => operation.IsAbandoned);
            var size = group.Count;
            await WriteAsync(group);

            // A caller who waits alone is never kept waiting for others.
            _expected = size > 1 ? Math.Min(size + queue.Count, maxGroupSize) : 0;
        }

        await executor.DisposeAsync();
    }

    /// <summary>
    /// Lets the callers who were just answered come back before the next group starts. Otherwise it would start with those few who were fastest, the others would have to wait for the one after it,
    /// and groups would be half as large as they could be. It takes microseconds, and nothing is waited for that may not come.
    /// </summary>
    private async ValueTask GatherAsync()
    {
        for (var yields = 0; yields < MaxYields && queue.Count < _expected; yields++)
        {
            if (executor.Blocks)
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
                log.NoteSuccess();
                if (group.Count == 0 || attempt < MaxAttempts)
                {
                    continue;
                }

                failure = new WriteFailure(FailureKind.Contention, $"{log.Database}: others changed the same records all the time.", null);
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
            return await executor.ExecuteAsync(group, Now());
        }
        catch (Exception unexpected)
        {
            // Executors report the failures they know of. Should one throw nevertheless, the waiting callers must hear of it and the loop must go on.
            log.NoteUnexpected(unexpected, group.Count);
            return new WriteFailure(FailureKind.Unknown, $"{log.Database}: the writer failed unexpectedly: {unexpected.Message}", unexpected);
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
            log.NoteMember(group[0], failure);
        }
        else
        {
            log.NoteFailure(failure);
        }

        if (failure.Kind == FailureKind.Unreachable)
        {
            // Each further group would wait as long in vain, and its callers behind it.
            var before = group.Count;
            queue.ReleaseAndTakeAll(group);
            Leave(group, from: before);
        }
        else
        {
            queue.Release(group);
        }

        HandBack.Start(group, failure);
    }

    private void Leave(List<WriteOperation> group, int from)
    {
        var bytes = 0L;
        for (var i = from; i < group.Count; i++)
        {
            bytes += group[i].Size;
        }

        backlog.Leave(group.Count - from, bytes);
    }

    private void CompleteDecided(List<WriteOperation> group)
    {
        HandBack.Start(TakeOut(group, static operation => operation.IsDecided));

        // Their states need not stay in memory until the next group comes.
        _through.Clear();
    }

    /// <summary>Takes out of the group what is through, and lets go of it: a caller who comes back at once with the same record should not find it in flight.</summary>
    /// <returns>What was taken out, until the next time.</returns>
    private List<WriteOperation> TakeOut(List<WriteOperation> group, Predicate<WriteOperation> isThrough)
    {
        _through.Clear();
        var rest = 0;
        for (var i = 0; i < group.Count; i++)
        {
            if (isThrough(group[i]))
            {
                _through.Add(group[i]);
            }
            else
            {
                group[rest++] = group[i];
            }
        }

        if (_through.Count > 0)
        {
            group.RemoveRange(rest, _through.Count);
            queue.Release(_through);
        }

        return _through;
    }

    // Databases keep less than the clock's ticks; so that what a claim returns equals what is read later, all is cut to what all of them keep.
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(timeProvider.GetUtcNow().ToUnixTimeMilliseconds());
}
