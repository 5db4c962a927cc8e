namespace AkkaDurable.Journal.Internal.Streams;

internal enum AppendOutcome
{
    /// <summary>The event is stored, and was the newest of its stream at some time since the append began.</summary>
    Written,

    /// <summary>Another event has the sequence number. This one is not stored and never will be.</summary>
    Taken,
}
