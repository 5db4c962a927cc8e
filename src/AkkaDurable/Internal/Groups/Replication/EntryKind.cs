namespace AkkaDurable.Internal.Groups.Replication;

/// <summary>The numbers never change.</summary>
internal enum EntryKind : byte
{
    Member = 1,
    Server = 2,
}
