namespace AkkaDurable.Internal.Groups.Replication;

/// <summary>What this node was told by the others, and what it makes of it. Pure; not safe for concurrent use.</summary>
internal sealed class Replicas
{
    private readonly Dictionary<NodeId, FeedReader> _feeds = [];

    public ReplicaTable Table { get; } = new();

    /// <summary>A node that may be believed from now on.</summary>
    public void Add(NodeId node) => _feeds.TryAdd(node, new FeedReader());

    /// <summary>A node that is gone for good: whatever still comes from it is ignored.</summary>
    public void Remove(NodeId node, LifecycleReason reason, List<Change> changes)
    {
        if (_feeds.Remove(node))
        {
            Table.RemoveNode(node, reason, changes);
        }
    }

    /// <summary>Takes what a node told.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="told">What is asked for, of what the node has begun to tell.</param>
    /// <param name="asked">All that is asked for.</param>
    /// <param name="changes">Gets what changes by it.</param>
    /// <param name="ready">Gets the interests that the node has told all of.</param>
    public FeedReader.Outcome Receive(Frame frame, InterestSet told, InterestSet asked, List<Change> changes, List<long> ready)
    {
        if (!_feeds.TryGetValue(frame.From, out var feed))
        {
            return FeedReader.Outcome.None;
        }

        var outcome = feed.Accept(frame, out var ops);
        if (outcome is FeedReader.Outcome.First or FeedReader.Outcome.Repair)
        {
            foreach (var begins in ops.OfType<FeedOp.Begins>())
            {
                Begin(begins.Interest);
            }

            Table.Replace(frame.From, [.. ops.Where(op => op is not FeedOp.Put put || told.Matches(put.Entry.Id))], changes);
        }
        else
        {
            foreach (var op in ops)
            {
                switch (op)
                {
                    case FeedOp.Begins begins:
                        Begin(begins.Interest);
                        break;
                    case FeedOp.Put put when told.Matches(put.Entry.Id):
                        Table.Put(frame.From, put.Entry, put.Continues, changes);
                        break;
                    case FeedOp.Remove remove:
                        Table.Remove(frame.From, remove.Id, remove.Version, remove.Reason, changes);
                        break;
                }
            }
        }

        ready.AddRange(ops.OfType<FeedOp.Ready>().Select(op => op.Interest));
        return outcome;

        void Begin(long interest)
        {
            if (asked.Find(interest) is { } known)
            {
                told.Add(known);
            }
        }
    }

    /// <summary>Whether a node must begin anew, by what it says is the last that it sent.</summary>
    public bool IsBehind(NodeId node, long feed, long lastSequence) => feed != 0 && _feeds.TryGetValue(node, out var reader) && reader.IsBehind(feed, lastSequence);
}
