namespace AkkaDurable.Storage;

/// <summary>How a compare-and-swap write ended. A write whose end is not known throws instead.</summary>
public enum SaveOutcome
{
    /// <summary>Written and durable.</summary>
    Saved = 0,

    /// <summary>Not written: the record is gone, or has been claimed or saved by somebody else since.</summary>
    Conflict = 1,
}
