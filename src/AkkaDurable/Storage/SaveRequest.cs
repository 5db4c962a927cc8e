namespace AkkaDurable.Storage;

/// <summary>Asks the store to write a record by compare-and-swap: it is written only while <paramref name="Token"/> and <paramref name="Revision"/> are the stored ones.</summary>
/// <param name="Id">Which server.</param>
/// <param name="Token">The token of the caller's claim.</param>
/// <param name="Revision">The revision that the caller last saw; a successful save makes it one more.</param>
/// <param name="Status">The status to store. Any other than <see cref="ServerStatus.Running"/> also takes the record off its lease.</param>
/// <param name="StateVersion">The version of <paramref name="State"/>; ignored when that is <see langword="null"/>.</param>
/// <param name="State">The state as UTF-8 JSON, or <see langword="null"/> to leave the stored state as it is and write only the status.</param>
public sealed record SaveRequest(ServerId Id, ClaimToken Token, long Revision, ServerStatus Status, int StateVersion, ReadOnlyMemory<byte>? State)
{
    /// <summary>What the server remembers of its last calls, to be stored with the state, or <see langword="null"/> to leave what is stored. The store does not look into it.</summary>
    /// <value>The default is <see langword="null"/>. Empty: nothing is remembered any more.</value>
    public ReadOnlyMemory<byte>? RecentCalls { get; init; }

    /// <summary>Whether the server is to run always, or <see langword="null"/> to leave what is stored. A new record is not permanent.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public bool? IsPermanent { get; init; }

    /// <summary>The server's crashes, as UTF-8 JSON of at most 64 KiB, or <see langword="null"/> to leave what is stored. The store does not look into it.</summary>
    /// <value>The default is <see langword="null"/>. Empty: none.</value>
    public ReadOnlyMemory<byte>? Crashes { get; init; }

    /// <summary>What the store noted with the claim or with the last save of this record, and where it may note the next.</summary>
    /// <value>The default is <see langword="null"/>: the store looks the record up.</value>
    public IRecordHint? Hint { get; init; }
}
