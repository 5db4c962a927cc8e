using AkkaDurable.Placement;

namespace AkkaDurable.Management.Internal.Dashboard;

/// <summary>A node on the map.</summary>
/// <param name="Node">Its address.</param>
/// <param name="Name">The same for people: host and port.</param>
/// <param name="Location">Where it is.</param>
/// <param name="State">In a word: up, joining, cordoned, draining, drained, leaving, unreachable, down, gone.</param>
/// <param name="Version">Of its app.</param>
internal sealed record NodeRow(string Node, string Name, NodeLocation Location, string State, string Version)
{
    public bool IsSelf { get; init; }

    public bool IsLeader { get; init; }

    public bool IsDraining { get; init; }

    public bool IsCordoned { get; init; }

    /// <summary>Its last report; null: none lately.</summary>
    public NodeReport? Report { get; init; }

    /// <summary>How many shards it still has; only while it drains.</summary>
    public int? ShardsLeft { get; init; }

    /// <summary>When it came to be in this state, as far as it was seen.</summary>
    public DateTimeOffset? Since { get; init; }
}
