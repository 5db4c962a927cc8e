using Akka.Util;
using AkkaDurable.Placement.Internal.Directing;

namespace AkkaDurable.Placement.Internal.Strategy;

/// <summary>A member of the cluster at one moment.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Location">Where it is.</param>
/// <param name="Version">The version of its app.</param>
/// <param name="Status">Its status.</param>
/// <param name="Draining">Whether it is to empty itself.</param>
/// <param name="Cordoned">Whether it is to take nothing more.</param>
/// <param name="Report">Its last report, if that is fresh.</param>
internal sealed record NodeSnapshot(string Address, NodeLocation Location, AppVersion Version, NodeStatus Status, bool Draining, bool Cordoned, NodeReport? Report)
{
    /// <summary>Since when this node knows it as up; null: not up.</summary>
    public DateTimeOffset? UpSince { get; init; }

    public IReadOnlyCollection<string> Roles { get; init; } = [];
}
