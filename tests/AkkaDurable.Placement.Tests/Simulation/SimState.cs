namespace AkkaDurable.Placement.Tests.Simulation;

internal enum SimState
{
    Unplaced,
    Running,
    Moving,
}
