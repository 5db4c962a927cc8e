// The halves of the generated classes that say what they are to us.
namespace AkkaDurable.Journal.Internal.Events.V1;

internal sealed partial class RecordEvent : IJournalEvent;

internal sealed partial class IndexEvent : IJournalEvent;

internal sealed partial class LeasesEvent : IJournalEvent;

internal sealed partial class TypeEvent : IJournalEvent;

internal sealed partial class ProbeEvent : IJournalEvent;
