namespace AkkaDurable.Internal.Groups.Replication;

/// <summary>Some changes in a row, from one node to another.</summary>
/// <param name="From">Whose entries they are.</param>
/// <param name="Feed">Grows with each snapshot that this node sent to the other.</param>
/// <param name="Sequence">0 for the first frame of a feed, then one more each.</param>
/// <param name="SnapshotEnd">Whether this frame ends the snapshot that its feed begins with.</param>
/// <param name="Ops">The changes.</param>
internal sealed record Frame(NodeId From, long Feed, long Sequence, bool SnapshotEnd, IReadOnlyList<FeedOp> Ops) : IHubMessage;
