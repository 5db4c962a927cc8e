using AkkaDurable.Storage;

namespace AkkaDurable.Sql.Internal;

/// <summary>Which stored records a claim may take over. The SQL of PostgreSQL says the same, see <c>PostgresStatements</c>.</summary>
internal static class ClaimRules
{
    public static bool Allow(ClaimRequest request, ServerStatus status, int stateVersion) =>
        stateVersion <= request.MaxStateVersion && status switch
        {
            ServerStatus.Running or ServerStatus.StoppedGraceful or ServerStatus.Crashed => true,
            ServerStatus.StoppedPermanent or ServerStatus.PermanentlyCrashed => request.ExplicitStart,
            _ => false,
        };

    /// <summary>The lease that must be gone before the record may be claimed; 0 when there is none.</summary>
    public static long Waits(ClaimRequest request, long lease) => lease == request.LeaseId ? 0 : lease;
}
