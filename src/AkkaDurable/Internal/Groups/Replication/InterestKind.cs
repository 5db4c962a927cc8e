namespace AkkaDurable.Internal.Groups.Replication;

/// <summary>The numbers never change.</summary>
internal enum InterestKind : byte
{
    /// <summary>All members of all groups of a named cluster.</summary>
    Cluster = 1,
    AllServers = 2,
    ServersOf = 3,
    ServersByPrefix = 4,
    Server = 5,
}
