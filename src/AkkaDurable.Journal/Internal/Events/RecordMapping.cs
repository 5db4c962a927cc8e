using AkkaDurable.Journal.Internal.Events.V1;
using AkkaDurable.Storage;
using Google.Protobuf;

namespace AkkaDurable.Journal.Internal.Events;

/// <summary>Turns records into events and back.</summary>
internal static class RecordMapping
{
    public static RecordEvent ToEvent(StoredServer record)
    {
        var result = new RecordEvent
        {
            ServerType = record.Id.ServerType,
            Key = record.Id.Key,
            Epoch = record.Token.Epoch,
            ClaimId = record.Token.ClaimId,
            Revision = record.Revision,
            Status = (int)record.Status,
            Owner = record.Owner,
            LeaseId = record.LeaseId,
            StateVersion = record.StateVersion,
            CreatedTicks = record.CreatedAt.UtcTicks,
            UpdatedTicks = record.UpdatedAt.UtcTicks,

            // Copied: a journal may hold the event for longer than the caller leaves its buffer alone.
            RecentCalls = ByteString.CopyFrom(record.RecentCalls.Span),
            Region = record.Region,
            IsPermanent = record.IsPermanent,
            Crashes = ByteString.CopyFrom(record.Crashes.Span),
        };
        if (record.State is { } state)
        {
            result.State = ByteString.CopyFrom(state.Span);
        }

        return result;
    }

    public static StoredServer ToRecord(RecordEvent stored) => new(
        new ServerId(stored.ServerType, stored.Key),
        new ClaimToken(stored.Epoch, stored.ClaimId),
        stored.Revision,
        (ServerStatus)stored.Status,
        stored.Owner,
        stored.StateVersion,
        stored.HasState ? stored.State.Memory : (ReadOnlyMemory<byte>?)null,
        new DateTimeOffset(stored.CreatedTicks, TimeSpan.Zero),
        new DateTimeOffset(stored.UpdatedTicks, TimeSpan.Zero))
    {
        LeaseId = stored.LeaseId,
        RecentCalls = stored.RecentCalls.Length == 0 ? default : stored.RecentCalls.Memory,
        Region = stored.Region,
        IsPermanent = stored.IsPermanent,
        Crashes = stored.Crashes.Length == 0 ? default : stored.Crashes.Memory,
    };
}
