using Akka.Actor;
using Akka.Persistence;
using AkkaDurable.Journal.Internal.Events;

namespace AkkaDurable.Journal.Internal.Protocol;

/// <summary>
/// Speaks to one journal plugin by Akka.Persistence's journal protocol. No persistent actor stands between: it would stop at the first conflict, which is an everyday answer here. Safe for concurrent use.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "The semaphore holds nothing that must be freed, and requests may end after the store was closed.")]
internal sealed class JournalClient(ExtendedActorSystem system, string pluginId, JournalStateStoreOptions options, TimeProvider time, CancellationToken closed)
{
    private readonly Lazy<IActorRef> _journal = new(() => Persistence.Instance.Apply(system).JournalFor(pluginId));

    // A journal starts as many reads as it is asked for, and each takes a connection.
    private readonly SemaphoreSlim _reads = new(options.MaxConcurrentReads);

    // What waits in a journal's own queue waits against its circuit breaker's time-out, and what does not fit in is thrown away.
    private readonly SemaphoreSlim _writes = new(options.MaxConcurrentWrites);
    private int _requests;

    public string PluginId => pluginId;

    /// <summary>Writes one event.</summary>
    /// <returns>Why it failed, or <see langword="null"/>. A write that failed may have been done, or may still be.</returns>
    public async Task<Exception?> WriteAsync(string persistenceId, long sequenceNr, IJournalEvent written)
    {
        await EnterAsync(_writes).ConfigureAwait(false);
        try
        {
            using var request = new WriteRequest(system.Provider);
            var write = new AtomicWrite(new Persistent(written, sequenceNr, persistenceId, sender: ActorRefs.NoSender));
            Journal().Tell(new WriteMessages([write], request, Interlocked.Increment(ref _requests)), request);
            return await AnswerAsync(request).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            return exception;
        }
        finally
        {
            _writes.Release();
        }
    }

    /// <summary>The highest sequence number of a stream; 0: it does not exist.</summary>
    public async Task<long> HighestAsync(string persistenceId)
    {
        // A replay that begins at 0 and ends at 0 makes every plugin look for the highest number of all and read nothing.
        var replay = await ReplayAsync(persistenceId, 0, 0, 0).ConfigureAwait(false);
        return replay.Highest;
    }

    /// <summary>Reads one event; <see langword="null"/>: there is none. Second: the highest sequence number, or anything lower than asked for when that is not reached.</summary>
    public async Task<(StoredEvent? Event, long Highest)> ReadAsync(string persistenceId, long sequenceNr)
    {
        var replay = await ReplayAsync(persistenceId, sequenceNr, sequenceNr, 1).ConfigureAwait(false);
        return (replay.Events.Count == 0 ? null : ToStored(replay.Events[0]), replay.Highest);
    }

    /// <summary>Reads the events of a stretch.</summary>
    public async Task<IReadOnlyList<StoredEvent>> ReadAsync(string persistenceId, long from, long to)
    {
        var replay = await ReplayAsync(persistenceId, from, to, long.MaxValue).ConfigureAwait(false);
        return [.. replay.Events.Select(ToStored)];
    }

    /// <summary>Reads the newest event of a stream.</summary>
    /// <param name="persistenceId">The stream.</param>
    /// <param name="guess">Where it was when it was last seen; 0: never. While it still is there, one request is enough.</param>
    /// <returns>The event, and its sequence number. 0: there is no stream; no event otherwise: it was deleted meanwhile.</returns>
    public async Task<(StoredEvent? Event, long Highest)> ReadNewestAsync(string persistenceId, long guess)
    {
        if (guess == 0)
        {
            var highest = await HighestAsync(persistenceId).ConfigureAwait(false);
            return highest == 0 ? (null, 0) : ((await ReadAsync(persistenceId, highest).ConfigureAwait(false)).Event, highest);
        }

        var replay = await ReplayAsync(persistenceId, guess, long.MaxValue, 2).ConfigureAwait(false);
        if (replay.Events.LastOrDefault(stored => stored.SequenceNr == replay.Highest) is { } newest)
        {
            return (ToStored(newest), newest.SequenceNr);
        }

        return await ReadNewestAsync(persistenceId, guess: 0).ConfigureAwait(false);
    }

    /// <summary>Deletes the events up to a sequence number.</summary>
    /// <returns>Why it failed, or <see langword="null"/>.</returns>
    public async Task<Exception?> DeleteAsync(string persistenceId, long upTo)
    {
        using var request = new DeleteRequest(system.Provider);
        Journal().Tell(new DeleteMessagesTo(persistenceId, upTo, request), request);
        try
        {
            return await AnswerAsync(request).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            return exception;
        }
    }

    private async Task<Replay> ReplayAsync(string persistenceId, long from, long to, long max)
    {
        await EnterAsync(_reads).ConfigureAwait(false);
        Replay replay;
        try
        {
            using var request = new ReplayRequest(system.Provider);
            Journal().Tell(new ReplayMessages(from, to, max, persistenceId, request), request);
            replay = await AnswerAsync(request).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            throw new StoreUnavailableException($"The journal {pluginId} did not answer a read of {persistenceId} within {options.JournalTimeout.TotalSeconds:0.#} s.", exception);
        }
        finally
        {
            _reads.Release();
        }

        return replay.Failure is null ? replay : throw new StoreUnavailableException($"The journal {pluginId} could not read {persistenceId}: {replay.Failure.Message}", replay.Failure);
    }

    private async Task EnterAsync(SemaphoreSlim limit)
    {
        try
        {
            await limit.WaitAsync(closed).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw Closed();
        }
    }

    private async Task<T> AnswerAsync<T>(JournalRequest<T> request)
    {
        try
        {
            return await request.Answer.WaitAsync(options.JournalTimeout, time, closed).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw Closed();
        }
    }

    private IActorRef Journal() => closed.IsCancellationRequested ? throw Closed() : _journal.Value;

    private static StoreUnavailableException Closed() => new("The store is closed. What was under way may have happened.");

    private StoredEvent ToStored(IPersistentRepresentation stored) => stored.Payload is IJournalEvent known
        ? new StoredEvent(stored.SequenceNr, known)
        : throw new StoreSchemaException($"The journal {pluginId} holds a {stored.Payload?.GetType().FullName ?? "null"} in {stored.PersistenceId} at {stored.SequenceNr}, which AkkaDurable did not write. Give the store another PersistenceIdPrefix.");
}
