namespace AkkaDurable.Internal.Groups.Replication;

/// <summary>Which entries.</summary>
/// <param name="Kind">By what they are chosen.</param>
/// <param name="Scope">The named cluster or the server type; else empty.</param>
/// <param name="Name">The key or its beginning; else empty.</param>
internal readonly record struct Selector(InterestKind Kind, string Scope, string Name)
{
    public bool IsOfServers => Kind != InterestKind.Cluster;

    public bool Matches(in EntryId id) => Kind switch
    {
        InterestKind.Cluster => id.Kind == EntryKind.Member && id.Scope == Scope,
        InterestKind.AllServers => id.Kind == EntryKind.Server,
        InterestKind.ServersOf => id.Kind == EntryKind.Server && id.Scope == Scope,
        InterestKind.ServersByPrefix => id.Kind == EntryKind.Server && id.Scope == Scope && id.Name.StartsWith(Name, StringComparison.Ordinal),
        InterestKind.Server => id.Kind == EntryKind.Server && id.Scope == Scope && id.Name == Name,
        _ => false,
    };
}
