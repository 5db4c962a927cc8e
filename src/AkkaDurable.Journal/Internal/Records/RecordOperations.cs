using AkkaDurable.Journal.Internal.Events;
using AkkaDurable.Journal.Internal.Events.V1;
using AkkaDurable.Journal.Internal.Index;
using AkkaDurable.Journal.Internal.Leases;
using AkkaDurable.Journal.Internal.Streams;
using AkkaDurable.Storage;

namespace AkkaDurable.Journal.Internal.Records;

/// <summary>Claims, saves and deletes, each as a part of its record's lane.</summary>
internal sealed class RecordOperations(EventWriter writer, RecordReader reader, PersistenceIds ids, TypeIndexes indexes, LeaseTable leases, Trimmer trimmer, int trimAfter)
{
    // Each round somebody got through; this many in a row that were all others is more than any cluster of claimants makes.
    private const int MaxRounds = 1_000;

    public async Task<ClaimResult> ClaimAsync(RecordLane lane, ClaimRequest request)
    {
        for (var round = 1; round <= MaxRounds; round++)
        {
            var (head, found) = await reader.ReadAsync(request.Id, lane.Head).ConfigureAwait(false);
            StoredServer claimed;
            if (found is null)
            {
                // The index knows every record that exists, so it learns of this one before there is any.
                await indexes.Of(request.Id.ServerType).AddAsync(request.Id.Key, head.SequenceNr + 1).ConfigureAwait(false);
                claimed = ClaimRules.Create(request, Now());
            }
            else if (!ClaimRules.Allow(request, found))
            {
                return new ClaimResult(false, found, found.Status);
            }
            else if (ClaimRules.IsUnderOtherLease(request, found) && await leases.ExistsAsync(found.LeaseId).ConfigureAwait(false))
            {
                return new ClaimResult(false, found, found.Status) { IsHeld = true };
            }
            else
            {
                claimed = ClaimRules.Claim(request, found, Now());
            }

            if (await AppendAsync(lane, head, claimed).ConfigureAwait(false) == AppendOutcome.Written)
            {
                return new ClaimResult(true, claimed, found?.Status);
            }
        }

        throw new StoreUnavailableException($"{request.Id} could not be claimed: others were first each time.");
    }

    public async Task<SaveOutcome> SaveAsync(RecordLane lane, SaveRequest request)
    {
        var head = lane.Head;
        StoredServer? found = null;
        if (!Matches(head, request))
        {
            // Only what is stored may be the reason for a conflict, not what is remembered.
            (head, found) = await reader.ReadAsync(request.Id, lane.Head).ConfigureAwait(false);
            if (!Matches(head, request))
            {
                lane.Head = null;
                return SaveOutcome.Conflict;
            }
        }

        if (found is null && head!.HasMore && (request.State is null || request.RecentCalls is null))
        {
            // What the caller leaves as it is goes into the next event too.
            found = await reader.ReadKnownAsync(request.Id, head).ConfigureAwait(false);
            if (found is null)
            {
                // Trimmed away, so there are newer ones.
                lane.Head = null;
                return await SaveAsync(lane, request).ConfigureAwait(false);
            }
        }

        var saved = ClaimRules.Save(request, found ?? head!.Record!, Now());
        var outcome = await AppendAsync(lane, head!, saved).ConfigureAwait(false);
        if (outcome == AppendOutcome.Written && request.Status != ServerStatus.Running)
        {
            // It has stopped: who claims it next reads it anyway.
            lane.Head = null;
        }

        return outcome == AppendOutcome.Written ? SaveOutcome.Saved : SaveOutcome.Conflict;
    }

    public async Task<SaveOutcome> DeleteAsync(RecordLane lane, ServerId id, ClaimToken token)
    {
        for (var round = 1; round <= MaxRounds; round++)
        {
            var head = lane.Head;
            if (head?.Record?.Token != token)
            {
                (head, _) = await reader.ReadAsync(id, head).ConfigureAwait(false);
            }

            lane.Head = null;
            if (head!.Record?.Token != token)
            {
                return SaveOutcome.Conflict;
            }

            var end = new RecordEvent { ServerType = id.ServerType, Key = id.Key, Epoch = token.Epoch, ClaimId = token.ClaimId, UpdatedTicks = Now().UtcTicks, IsDeleted = true };
            var sequenceNr = head.SequenceNr + 1;
            if (await writer.AppendAsync(ids.Record(id), sequenceNr, end, head.Known, head.TrimmedTo).ConfigureAwait(false) == AppendOutcome.Written)
            {
                CleanUp(id, sequenceNr);
                return SaveOutcome.Saved;
            }
        }

        throw new StoreUnavailableException($"{id} could not be deleted: others were first each time.");
    }

    /// <summary>Deletes what a record has left behind, and then its entry in the index, which is what reminds others of the work.</summary>
    /// <param name="id">The record.</param>
    /// <param name="end">Where its stream says that it was deleted.</param>
    public void CleanUp(ServerId id, long end)
    {
        var index = indexes.Of(id.ServerType);
        if (index.TryBeginCleanUp(id.Key, end))
        {
            trimmer.Schedule(writer.Journal, ids.Record(id), end - 1, isDone => index.EndCleanUpAsync(id.Key, end, isDone));
        }
    }

    private static bool Matches(RecordHead? head, SaveRequest request) => head?.Record is { } record && record.Token == request.Token && record.Revision == request.Revision;

    private DateTimeOffset Now() => writer.Clock.Time.GetUtcNow();

    private async Task<AppendOutcome> AppendAsync(RecordLane lane, RecordHead head, StoredServer record)
    {
        var started = writer.Clock.Now();
        var persistenceId = ids.Record(record.Id);
        var trimmedTo = Math.Max(head.TrimmedTo, lane.TrimmedTo);
        var sequenceNr = head.SequenceNr + 1;
        lane.Head = null;
        var outcome = await writer.AppendAsync(persistenceId, sequenceNr, RecordMapping.ToEvent(record), head.Known, trimmedTo).ConfigureAwait(false);
        if (outcome == AppendOutcome.Written)
        {
            lane.Head = RecordHead.Of(sequenceNr, record, trimmedTo, started);
            if (sequenceNr - trimmedTo > trimAfter && lane.TryBeginTrimming())
            {
                Trim(lane, persistenceId, sequenceNr - 1);
            }
        }

        return outcome;
    }

    private void Trim(RecordLane lane, string persistenceId, long upTo)
    {
        trimmer.Schedule(writer.Journal, persistenceId, upTo, ended: isDone =>
        {
            if (isDone)
            {
                lane.TrimmedTo = upTo;
            }

            lane.EndTrimming();
            return Task.CompletedTask;
        });
    }
}
