using AkkaDurable.Internal.Groups.Replication;

namespace AkkaDurable.Internal.Groups.Wire;

/// <summary>A hello did not arrive.</summary>
internal sealed record AskHello(NodeId From) : IHubMessage;
