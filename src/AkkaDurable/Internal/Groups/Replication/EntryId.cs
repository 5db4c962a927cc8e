namespace AkkaDurable.Internal.Groups.Replication;

/// <summary>What an entry is about.</summary>
/// <param name="Kind">A member of a group, or a running server.</param>
/// <param name="Scope">The named cluster, or the server type.</param>
/// <param name="Name">The group, or the server's key.</param>
/// <param name="Member">The member's id; empty for a server.</param>
internal readonly record struct EntryId(EntryKind Kind, string Scope, string Name, string Member)
{
    public static EntryId OfServer(string serverType, string key) => new(EntryKind.Server, serverType, key, "");

    public static EntryId OfMember(string cluster, string group, string id) => new(EntryKind.Member, cluster, group, id);
}
