using System.Buffers.Binary;
using System.Security.Cryptography;
using AkkaDurable.Journal.Internal.Events;
using AkkaDurable.Journal.Internal.Events.V1;
using AkkaDurable.Journal.Internal.Protocol;

namespace AkkaDurable.Journal.Internal.Streams;

/// <summary>Appends to streams by compare-and-swap: an event is written with the sequence number after the newest that the caller knows, and a journal takes each number once. Safe for concurrent use.</summary>
/// <param name="journal">The journal.</param>
/// <param name="clock">The clock.</param>
/// <param name="patience">No event is written again when so much time has passed.</param>
internal sealed class EventWriter(JournalClient journal, StoreClock clock, TimeSpan patience)
{
    // A conflict fails all the writes that the plugin put into the same transaction. Those are written again, at once at first; all attempts together take about a second.
    private const int MaxAttempts = 10;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(2);

    private readonly ulong _writer = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong)));
    private long _written;

    public JournalClient Journal => journal;

    public StoreClock Clock => clock;

    /// <summary>Appends one event.</summary>
    /// <param name="persistenceId">The stream.</param>
    /// <param name="sequenceNr">One more than that of the newest event.</param>
    /// <param name="appended">The event.</param>
    /// <param name="known">A time at which the event before was still the newest, or one before that.</param>
    /// <param name="trimmedTo">Up to where the stream was trimmed, as far as is known.</param>
    /// <exception cref="StoreUnavailableException">Not known; the event may still be stored.</exception>
    public async Task<AppendOutcome> AppendAsync(string persistenceId, long sequenceNr, IJournalEvent appended, StoreClock.Moment known, long trimmedTo)
    {
        appended.Stamp = new Stamp { Writer = _writer, Number = Interlocked.Increment(ref _written), TrimmedTo = trimmedTo };
        var started = clock.Now();
        var pause = FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            var failure = await journal.WriteAsync(persistenceId, sequenceNr, appended).ConfigureAwait(false);
            if (failure is null)
            {
                break;
            }

            // A failure says little: it may be a neighbour's, or a time-out of a write that is done later. What is stored says all.
            var (stored, highest) = await FindAsync(persistenceId, sequenceNr).ConfigureAwait(false);
            if (stored is not null)
            {
                if (IsOurs(stored.Event, appended))
                {
                    break;
                }

                return AppendOutcome.Taken;
            }

            if (highest > sequenceNr || attempt == MaxAttempts || clock.Time.GetElapsedTime(started.Timestamp) >= patience)
            {
                throw new StoreUnavailableException($"The journal {journal.PluginId} did not write {persistenceId} at {sequenceNr}; it may still do so. {failure.Message}", failure);
            }

            if (attempt > 1)
            {
                await Task.Delay(pause, clock.Time).ConfigureAwait(false);
                pause *= 2;
            }
        }

        // Where a stream was trimmed its numbers are free again. Nobody trims what was the newest less than a minute ago, so only who has been away for long can have come upon such a hole: that one looks.
        if (!clock.IsRecent(known) && await journal.HighestAsync(persistenceId).ConfigureAwait(false) != sequenceNr)
        {
            throw new StoreUnavailableException($"{persistenceId} was written at {sequenceNr}, but so late that it is not known whether others had gone on from there before.");
        }

        return AppendOutcome.Written;
    }

    private static bool IsOurs(IJournalEvent stored, IJournalEvent written) => stored.Stamp is { } stamp && stamp.Writer == written.Stamp!.Writer && stamp.Number == written.Stamp.Number;

    // Twice, since connections that a restarted database has cut show only when they are used.
    private async Task<(StoredEvent? Event, long Highest)> FindAsync(string persistenceId, long sequenceNr)
    {
        try
        {
            return await journal.ReadAsync(persistenceId, sequenceNr).ConfigureAwait(false);
        }
        catch (StoreUnavailableException)
        {
            return await journal.ReadAsync(persistenceId, sequenceNr).ConfigureAwait(false);
        }
    }
}
