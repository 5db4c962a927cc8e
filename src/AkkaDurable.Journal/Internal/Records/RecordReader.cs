using AkkaDurable.Journal.Internal.Events;
using AkkaDurable.Journal.Internal.Events.V1;
using AkkaDurable.Journal.Internal.Protocol;
using AkkaDurable.Journal.Internal.Streams;
using AkkaDurable.Storage;

namespace AkkaDurable.Journal.Internal.Records;

/// <summary>Reads the newest event of a record's stream.</summary>
internal sealed class RecordReader(JournalClient journal, PersistenceIds ids, StoreClock clock)
{
    private const int MaxAttempts = 5;

    /// <summary>The newest event and the whole record in it.</summary>
    /// <param name="id">The record.</param>
    /// <param name="remembered">What is remembered of it; it only makes this faster.</param>
    public async Task<(RecordHead Head, StoredServer? Record)> ReadAsync(ServerId id, RecordHead? remembered)
    {
        var persistenceId = ids.Record(id);
        var guess = remembered?.SequenceNr ?? 0;
        for (var attempt = 1; ; attempt++)
        {
            var now = clock.Now();
            var (stored, highest) = await journal.ReadNewestAsync(persistenceId, guess).ConfigureAwait(false);
            if (highest == 0)
            {
                return (RecordHead.None(now), null);
            }

            if (stored is not null)
            {
                return ToRecord(id, persistenceId, stored, now);
            }

            if (attempt == MaxAttempts)
            {
                throw new StoreUnavailableException($"The journal {journal.PluginId} says that {persistenceId} ends at {highest}, but holds no event there.");
            }

            guess = 0;
        }
    }

    /// <summary>The record without its state. What is remembered of it is taken for true while the stream ends where it did: events do not change.</summary>
    public async Task<(RecordHead Head, StoredServer? Record)> ReadWithoutStateAsync(ServerId id, RecordHead? remembered)
    {
        if (remembered is not null)
        {
            var now = clock.Now();
            if (await journal.HighestAsync(ids.Record(id)).ConfigureAwait(false) == remembered.SequenceNr)
            {
                return (remembered with { Known = now }, remembered.Record);
            }
        }

        var (head, record) = await ReadAsync(id, remembered: null).ConfigureAwait(false);
        return (head, record is null ? null : RecordHead.WithoutState(record));
    }

    /// <summary>The whole record of an event that is known.</summary>
    /// <returns><see langword="null"/>: it is there no more.</returns>
    public async Task<StoredServer?> ReadKnownAsync(ServerId id, RecordHead head)
    {
        var persistenceId = ids.Record(id);
        var (stored, _) = await journal.ReadAsync(persistenceId, head.SequenceNr).ConfigureAwait(false);
        return stored is null ? null : ToRecord(id, persistenceId, stored, head.Known).Record;
    }

    private (RecordHead Head, StoredServer? Record) ToRecord(ServerId id, string persistenceId, StoredEvent stored, StoreClock.Moment known)
    {
        if (stored.Event is not RecordEvent found || found.ServerType != id.ServerType || found.Key != id.Key)
        {
            throw new StoreSchemaException($"The journal {journal.PluginId} holds something else than the record of {id} in {persistenceId} at {stored.SequenceNr}.");
        }

        if (found.IsDeleted)
        {
            return (RecordHead.OfDeleted(stored.SequenceNr, found, known), null);
        }

        var record = RecordMapping.ToRecord(found);
        return (RecordHead.Of(stored.SequenceNr, record, found.Stamp?.TrimmedTo ?? 0, known), record);
    }
}
