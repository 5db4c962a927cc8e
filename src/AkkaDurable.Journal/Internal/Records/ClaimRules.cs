using AkkaDurable.Storage;

namespace AkkaDurable.Journal.Internal.Records;

/// <summary>What a claim makes of a stored record.</summary>
internal static class ClaimRules
{
    public static bool Allow(ClaimRequest request, StoredServer found) =>
        found.StateVersion <= request.MaxStateVersion && found.Status switch
        {
            ServerStatus.Running or ServerStatus.StoppedGraceful or ServerStatus.Crashed => true,
            ServerStatus.StoppedPermanent or ServerStatus.PermanentlyCrashed => request.ExplicitStart,
            ServerStatus.Cordoned => request.EvenCordoned,
            _ => false,
        };

    /// <summary>Whether the record is held under a lease that is not the claimant's; the claim then depends on whether that lease exists.</summary>
    public static bool IsUnderOtherLease(ClaimRequest request, StoredServer found) => found.LeaseId != 0 && found.LeaseId != request.LeaseId;

    public static StoredServer Create(ClaimRequest request, DateTimeOffset now) =>
        new(request.Id, new ClaimToken(1, request.ClaimId), 0, ServerStatus.Running, request.Owner, 0, null, now, now) { LeaseId = request.LeaseId, Region = request.Region };

    public static StoredServer Claim(ClaimRequest request, StoredServer found, DateTimeOffset now) => found with
    {
        Token = new ClaimToken(found.Token.Epoch + 1, request.ClaimId),
        Status = ServerStatus.Running,
        Owner = request.Owner,
        LeaseId = request.LeaseId,
        Region = request.Region,
        UpdatedAt = now,
    };

    public static StoredServer Save(SaveRequest request, StoredServer found, DateTimeOffset now) => found with
    {
        Revision = found.Revision + 1,
        Status = request.Status,
        StateVersion = request.State is null ? found.StateVersion : request.StateVersion,
        State = request.State ?? found.State,
        RecentCalls = request.RecentCalls ?? found.RecentCalls,
        IsPermanent = request.IsPermanent ?? found.IsPermanent,

        // Copied: it is remembered, for longer than the caller leaves its buffer alone.
        Crashes = request.Crashes is { } crashes ? Copy(crashes) : found.Crashes,
        LeaseId = request.Status == ServerStatus.Running ? found.LeaseId : 0,
        UpdatedAt = now,
    };

    private static ReadOnlyMemory<byte> Copy(ReadOnlyMemory<byte> bytes) => bytes.IsEmpty ? default : new ReadOnlyMemory<byte>(bytes.ToArray());
}
