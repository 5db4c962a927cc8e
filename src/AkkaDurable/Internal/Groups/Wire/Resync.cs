using AkkaDurable.Internal.Groups.Replication;

namespace AkkaDurable.Internal.Groups.Wire;

/// <summary>Frames are missing after this feed began, or the one after it never came: begin anew.</summary>
internal sealed record Resync(NodeId From, long Feed) : IHubMessage;
