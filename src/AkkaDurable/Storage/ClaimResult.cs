namespace AkkaDurable.Storage;

/// <summary>What the store answered to a <see cref="ClaimRequest"/>.</summary>
/// <param name="Granted">
/// <see langword="true"/>: the caller owns the record, whose status is now <see cref="ServerStatus.Running"/>, and <paramref name="Record"/> shows it after the claim.
/// <see langword="false"/>: refused because of the stored status or state version; <paramref name="Record"/> shows why, and nothing was changed.
/// </param>
/// <param name="Record">The record, with its state.</param>
/// <param name="PreviousStatus">The status before the claim; <see langword="null"/> when the claim created the record.</param>
public sealed record ClaimResult(bool Granted, StoredServer Record, ServerStatus? PreviousStatus)
{
    /// <summary>Refused only because the record is held under another lease that still exists: <see cref="StoredServer.LeaseId"/> of <see cref="Record"/>. The same claim is granted once that lease is deleted.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool IsHeld { get; init; }
}
