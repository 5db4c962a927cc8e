using AkkaDurable.Internal.Groups.Replication;

namespace AkkaDurable.Internal.Groups.Wire;

/// <summary>Sent every so often, so that the loss of the last message before a silence is noticed.</summary>
/// <param name="From">Who says so.</param>
/// <param name="HelloVersion">The version of its last hello.</param>
/// <param name="Feed">The feed to the other node; 0 if there is none yet.</param>
/// <param name="Sequence">The number of the feed's last frame.</param>
internal sealed record Digest(NodeId From, long HelloVersion, long Feed, long Sequence) : IHubMessage;
