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
    public async Task<(RecordHead Head, StoredServer? Record)> ReadAsync(ServerId id)
    {
        var persistenceId = ids.Record(id);
        for (var attempt = 1; ; attempt++)
        {
            var now = clock.Now();
            var highest = await journal.HighestAsync(persistenceId).ConfigureAwait(false);
            if (highest == 0)
            {
                return (RecordHead.None(now), null);
            }

            if (await ReadAsync(id, persistenceId, highest, now).ConfigureAwait(false) is { } found)
            {
                return found;
            }

            if (attempt == MaxAttempts)
            {
                throw new StoreUnavailableException($"The journal {journal.PluginId} says that {persistenceId} ends at {highest}, but holds no event there.");
            }
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

        var (head, record) = await ReadAsync(id).ConfigureAwait(false);
        return (head, record is null ? null : RecordHead.WithoutState(record));
    }

    /// <summary>The whole record of an event that is known.</summary>
    /// <returns><see langword="null"/>: it is there no more.</returns>
    public async Task<StoredServer?> ReadAsync(ServerId id, RecordHead head) =>
        await ReadAsync(id, ids.Record(id), head.SequenceNr, head.Known).ConfigureAwait(false) is { } found ? found.Record : null;

    private async Task<(RecordHead Head, StoredServer? Record)?> ReadAsync(ServerId id, string persistenceId, long sequenceNr, StoreClock.Moment known)
    {
        var (stored, _) = await journal.ReadAsync(persistenceId, sequenceNr).ConfigureAwait(false);
        if (stored is null)
        {
            return null;
        }

        if (stored.Event is not RecordEvent found || found.ServerType != id.ServerType || found.Key != id.Key)
        {
            throw new StoreSchemaException($"The journal {journal.PluginId} holds something else than the record of {id} in {persistenceId} at {sequenceNr}.");
        }

        if (found.IsDeleted)
        {
            return (RecordHead.OfDeleted(sequenceNr, found, known), null);
        }

        var record = RecordMapping.ToRecord(found);
        return (RecordHead.Of(sequenceNr, record, found.Stamp?.TrimmedTo ?? 0, known), record);
    }
}
