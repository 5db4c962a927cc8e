using AkkaDurable.Storage;

namespace AkkaDurable.Sql.Internal;

/// <summary>Which stored records a claim may take over.</summary>
internal static class ClaimRules
{
    private const int Always = 1 << (int)ServerStatus.Running | 1 << (int)ServerStatus.StoppedGraceful | 1 << (int)ServerStatus.Crashed;
    private const int Explicitly = 1 << (int)ServerStatus.StoppedPermanent | 1 << (int)ServerStatus.PermanentlyCrashed;
    private const int Cordoned = 1 << (int)ServerStatus.Cordoned;

    /// <summary>The statuses that it may take over, each as the bit of its number.</summary>
    public static int Statuses(ClaimRequest request) => Always | (request.ExplicitStart ? Explicitly : 0) | (request.EvenCordoned ? Cordoned : 0);

    public static bool Allow(ClaimRequest request, ServerStatus status, int stateVersion) => stateVersion <= request.MaxStateVersion && (Statuses(request) & 1 << (int)status) != 0;

    /// <summary>The lease that must be gone before the record may be claimed; 0 when there is none.</summary>
    public static long Waits(ClaimRequest request, long lease) => lease == request.LeaseId ? 0 : lease;
}
