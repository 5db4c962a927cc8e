namespace AkkaDurable.Internal.Groups.Replication;

internal enum ChangeKind : byte
{
    Added,
    Updated,
    Removed,
}
