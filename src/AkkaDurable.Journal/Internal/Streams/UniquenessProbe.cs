using AkkaDurable.Journal.Internal.Events.V1;
using AkkaDurable.Journal.Internal.Protocol;

namespace AkkaDurable.Journal.Internal.Streams;

/// <summary>Finds out whether a journal refuses a sequence number that it has already, which everything here rests on. It works on any plugin: a number is written twice.</summary>
internal sealed class UniquenessProbe(JournalClient journal, PersistenceIds ids, Trimmer trimmer)
{
    private const int Format = 1;
    private const int MaxRounds = 20;

    public async Task CheckAsync()
    {
        for (var round = 1; ; round++)
        {
            var highest = await journal.HighestAsync(ids.Probe).ConfigureAwait(false);
            await CheckFormatAsync(highest).ConfigureAwait(false);
            var failure = await journal.WriteAsync(ids.Probe, highest + 1, NewEvent()).ConfigureAwait(false);
            if (failure is null)
            {
                await CheckTakenAsync(highest + 1).ConfigureAwait(false);
                trimmer.Schedule(journal, ids.Probe, highest, static _ => Task.CompletedTask);
                return;
            }

            // Another node may be starting too.
            if (round == MaxRounds || await journal.HighestAsync(ids.Probe).ConfigureAwait(false) == highest)
            {
                throw new StoreUnavailableException($"The journal {journal.PluginId} cannot be written to: {failure.Message}", failure);
            }
        }
    }

    private static ProbeEvent NewEvent() => new() { Stamp = new Stamp(), Format = Format };

    private async Task CheckTakenAsync(long sequenceNr)
    {
        if (await journal.WriteAsync(ids.Probe, sequenceNr, NewEvent()).ConfigureAwait(false) is null)
        {
            throw new StoreSchemaException(
                $"The journal {journal.PluginId} takes the same sequence number of a persistence id twice, so two nodes could write over each other. " +
                "Its table needs a unique constraint over (persistence_id, sequence_number); tables that Akka.Persistence.Sql makes itself (auto-initialize = on) have it, the in-memory journal does not.");
        }

        // It must have failed for that reason, and not because the journal went away.
        await journal.ReadAsync(ids.Probe, sequenceNr).ConfigureAwait(false);
    }

    private async Task CheckFormatAsync(long highest)
    {
        if (highest == 0)
        {
            return;
        }

        var (found, _) = await journal.ReadAsync(ids.Probe, highest).ConfigureAwait(false);
        if (found?.Event is ProbeEvent { Format: > Format } newer)
        {
            throw new StoreSchemaException($"What the journal {journal.PluginId} holds under {ids.Probe} was written in format {newer.Format}, by a newer version of AkkaDurable; this one knows {Format}.");
        }
    }
}
