using Akka.Actor.Setup;

namespace AkkaDurable.Placement;

/// <summary>What <see cref="PlacementControl"/> is to know about this node; part of the actor system's <see cref="ActorSystemSetup"/>. Read once, when the extension is made.</summary>
public sealed class PlacementSetup : Setup
{
    /// <summary>What this node takes at most.</summary>
    /// <value>Default: no limits.</value>
    public CapacityLimits Limits { get; set; } = CapacityLimits.None;

    /// <summary>How many servers of each type run on this node, by the type's name. Called for each report; must be fast and safe for concurrent use.</summary>
    /// <value>Default: null, no counts; then the server limits are not applied.</value>
    public Func<IReadOnlyDictionary<string, int>>? CountServers { get; set; }

    /// <summary>A path on the disk that the report is about.</summary>
    /// <value>Default: null, the folder of the process.</value>
    public string? DiskPath { get; set; }

    /// <summary>How often the node measures itself and tells the others.</summary>
    /// <value>Default: 3 s. 100 ms to a minute. A report older than five times this is ignored.</value>
    public TimeSpan ReportEvery { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>The clock.</summary>
    /// <value>Default: the system's.</value>
    public TimeProvider Time { get; set; } = TimeProvider.System;
}
