using Akka.Util;
using AkkaDurable.Placement.Internal.Directing;

namespace AkkaDurable.Placement.Internal.Control;

/// <summary>A member, and its last report.</summary>
internal sealed class KnownNode(string address, int uid, NodeLocation location, AppVersion version, string memberStatus, NodeStatus status, IReadOnlyCollection<string>? roles = null)
{
    public string Address { get; } = address;

    public int Uid { get; } = uid;

    public NodeLocation Location { get; } = location;

    public AppVersion Version { get; } = version;

    public string MemberStatus { get; } = memberStatus;

    public NodeStatus Status { get; } = status;

    public IReadOnlyCollection<string> Roles { get; } = roles ?? [];

    /// <summary>When it was seen up first.</summary>
    public DateTimeOffset? UpSince { get; set; }

    public NodeReport? Report { get; set; }

    public long ReportedAt { get; set; }
}
