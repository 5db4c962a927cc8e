using AkkaDurable.Internal.Groups.Replication;

namespace AkkaDurable.Tests.Groups;

/// <summary>A node of the model: what truly is with it, and the two pure ends of the talk with the others.</summary>
internal sealed class NaiveNode(NodeId id)
{
    public NodeId Id { get; } = id;

    /// <summary>The truth.</summary>
    public Dictionary<EntryId, Entry> Own { get; } = [];

    public Replicas Replicas { get; } = new();

    public Dictionary<NodeId, FeedWriter> Writers { get; } = [];

    /// <summary>What a watcher knows that goes by nothing but the changes.</summary>
    public Dictionary<EntryId, Entry> Picture { get; } = [];
}
