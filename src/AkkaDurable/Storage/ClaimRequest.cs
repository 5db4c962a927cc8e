namespace AkkaDurable.Storage;

/// <summary>Asks the store to make the caller the owner of a record and to hand over what is stored, in one step.</summary>
/// <param name="Id">Which server. The record is created, with no state and revision 0, when there is none.</param>
/// <param name="ClaimId">A random number for this claim, never 0; it becomes part of the <see cref="ClaimToken"/>.</param>
/// <param name="Owner">The claiming node, for people to read: it is stored beside the record and means nothing to the store.</param>
/// <param name="ExplicitStart">
/// <see langword="true"/> when somebody asked for a start. Only then a record is handed over that was stopped for good
/// (<see cref="ServerStatus.StoppedPermanent"/>, <see cref="ServerStatus.PermanentlyCrashed"/>); a cordoned one only with <see cref="EvenCordoned"/>.
/// </param>
/// <param name="MaxStateVersion">The newest state version that the caller can read. A record saved by a newer one is refused and left untouched.</param>
public sealed record ClaimRequest(ServerId Id, long ClaimId, string Owner, bool ExplicitStart, int MaxStateVersion)
{
    /// <summary>The lease of the claiming node; it becomes that of the record. The store does not check that it exists.</summary>
    /// <value>The default is 0: none. Nobody then waits for the claimant, whose reads may be stale once it has lost the record (<see cref="ReadPolicy.Fast"/>).</value>
    public long LeaseId { get; init; }

    /// <summary>The region of the claiming node, for people to read and to list by; it becomes that of the record.</summary>
    /// <value>The default is empty: none. At most 100 characters.</value>
    public string Region { get; init; } = "";

    /// <summary>Whether a cordoned record is handed over too: to take the cordon off, or to delete the record.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool EvenCordoned { get; init; }

    /// <summary>Where the store may note what makes the first save after the claim cheaper.</summary>
    /// <value>The default is <see langword="null"/>: nothing is noted.</value>
    public IRecordHint? Hint { get; init; }
}
