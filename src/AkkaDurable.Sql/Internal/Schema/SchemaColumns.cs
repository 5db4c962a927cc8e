namespace AkkaDurable.Sql.Internal.Schema;

/// <summary>The columns of each version, the same in every kind of database.</summary>
internal static class SchemaColumns
{
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Version1(TableNames tables) => new Dictionary<string, IReadOnlyList<string>>
    {
        [tables.Marker.Name] = FoundSchema.MarkerColumns,
        [tables.Types.Name] = ["server_type", "shard_count"],
        [tables.Servers.Name] =
        [
            "server_type", "server_key", "epoch", "claim_id", "revision", "status", "owner", "state_version", "state", "created_at", "updated_at",
        ],
    };

    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Version2(TableNames tables) => new Dictionary<string, IReadOnlyList<string>>
    {
        [tables.Servers.Name] = ["lease_id", "recent_calls"],
        [tables.Leases.Name] = ["lease_id", "node", "time_to_live", "renewals", "revoked"],
    };

    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Version3(TableNames tables) => new Dictionary<string, IReadOnlyList<string>>
    {
        [tables.Placements.Name] = ["server_type", "shard", "home_region", "version", "places"],
        [tables.SbrLeases.Name] = ["name", "owner", "holder", "version", "expires_at", "wanted_owner", "wanted_by"],
    };

    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Version4(TableNames tables) => new Dictionary<string, IReadOnlyList<string>>
    {
        [tables.Servers.Name] = ["region", "is_permanent", "crashes"],
    };
}
