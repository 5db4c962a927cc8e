using ChangeStats.Cluster;

namespace AkkaDurable.Process.Tests.Regions;

/// <summary>A node in a region.</summary>
/// <param name="Region">Where it is.</param>
/// <param name="PublicPort">The port that others know.</param>
/// <param name="Process">The process that runs it.</param>
internal sealed record RegionNode(string Region, int PublicPort, NodeProcess Process);
