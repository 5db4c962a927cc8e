namespace AkkaDurable.Storage;

/// <summary>
/// Proof of ownership of a stored record. A claim hands one out; every save and delete must name it. It works until the next claim of the
/// same record and never again, not even after the record was deleted and made anew.
/// </summary>
/// <param name="Epoch">How often the record has been claimed. It grows by one with each claim.</param>
/// <param name="ClaimId">A random number drawn for this one claim; it tells two records apart that had the same key one after the other.</param>
public readonly record struct ClaimToken(long Epoch, long ClaimId);
