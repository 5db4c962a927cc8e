namespace AkkaDurable.Placement.Internal.Directing;

internal enum NodeStatus
{
    Up,
    Joining,
    Leaving,
    Unreachable,
}
