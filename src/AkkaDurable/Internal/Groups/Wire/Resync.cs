using AkkaDurable.Internal.Groups.Replication;

namespace AkkaDurable.Internal.Groups.Wire;

/// <summary>Frames of this feed are missing: begin anew.</summary>
internal sealed record Resync(NodeId From, long Feed) : IHubMessage;
