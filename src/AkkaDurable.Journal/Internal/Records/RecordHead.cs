using AkkaDurable.Journal.Internal.Events.V1;
using AkkaDurable.Journal.Internal.Streams;
using AkkaDurable.Storage;

namespace AkkaDurable.Journal.Internal.Records;

/// <summary>The newest event of a record's stream, as far as this process knows.</summary>
/// <param name="SequenceNr">Its sequence number.</param>
/// <param name="Record">The record, without its state and recent calls; <see langword="null"/>: it was deleted.</param>
/// <param name="HasMore">Whether there is a state, or recent calls, that <paramref name="Record"/> lacks here.</param>
/// <param name="TrimmedTo">Up to where the stream was trimmed.</param>
/// <param name="Known">A time at which it was still the newest, or one before that.</param>
internal sealed record RecordHead(long SequenceNr, StoredServer? Record, bool HasMore, long TrimmedTo, StoreClock.Moment Known)
{
    /// <summary>The head of a stream that does not exist.</summary>
    public static RecordHead None(StoreClock.Moment known) => new(0, null, false, 0, known);

    public static RecordHead Of(long sequenceNr, StoredServer record, long trimmedTo, StoreClock.Moment known) =>
        new(sequenceNr, WithoutState(record), record.State is not null || !record.RecentCalls.IsEmpty, trimmedTo, known);

    public static RecordHead OfDeleted(long sequenceNr, RecordEvent stored, StoreClock.Moment known) => new(sequenceNr, null, false, stored.Stamp?.TrimmedTo ?? 0, known);

    public static StoredServer WithoutState(StoredServer record) => record with { State = null, RecentCalls = default };
}
