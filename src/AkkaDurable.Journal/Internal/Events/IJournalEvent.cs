using AkkaDurable.Journal.Internal.Events.V1;

namespace AkkaDurable.Journal.Internal.Events;

/// <summary>All that we write to a journal. Each class is bound to <see cref="JournalSerializer"/>, by name.</summary>
internal interface IJournalEvent
{
    Stamp? Stamp { get; set; }
}
