using AkkaDurable.Journal.Internal.Events.V1;

namespace AkkaDurable.Journal.Internal.Events;

/// <summary>All that we write to a journal. Bound to <see cref="JournalSerializer"/>.</summary>
internal interface IJournalEvent
{
    Stamp? Stamp { get; set; }
}
