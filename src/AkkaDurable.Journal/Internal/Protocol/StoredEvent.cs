using AkkaDurable.Journal.Internal.Events;

namespace AkkaDurable.Journal.Internal.Protocol;

/// <summary>One event of ours, as it lies in a stream.</summary>
internal sealed record StoredEvent(long SequenceNr, IJournalEvent Event);
