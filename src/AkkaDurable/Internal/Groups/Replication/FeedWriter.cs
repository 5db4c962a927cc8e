namespace AkkaDurable.Internal.Groups.Replication;

/// <summary>What a node tells one other node of its own entries: a snapshot, then changes, numbered without a gap. Pure; not safe for concurrent use.</summary>
internal sealed class FeedWriter(NodeId self)
{
    // Far below any frame size: an entry has at most some 10 kB.
    private const int MaxFrameBytes = 48 * 1024;

    private long _feed;
    private long _sequence = -1;

    /// <summary>The feed and the number of its last frame; -1 before the first one.</summary>
    public (long Feed, long Sequence) Last => (_feed, _sequence);

    public bool HasBegun => _feed != 0;

    /// <summary>Begins anew with all that there is.</summary>
    public IEnumerable<Frame> Begin(IEnumerable<FeedOp> everything)
    {
        _feed++;
        _sequence = -1;
        return Frames(everything, isSnapshot: true);
    }

    /// <summary>Goes on with changes.</summary>
    public IEnumerable<Frame> Go(IEnumerable<FeedOp> changes) => Frames(changes, isSnapshot: false);

    private List<Frame> Frames(IEnumerable<FeedOp> ops, bool isSnapshot)
    {
        List<Frame> frames = [];
        List<FeedOp> part = [];
        var size = 0;
        foreach (var op in ops)
        {
            var bytes = SizeOf(op);
            if (size + bytes > MaxFrameBytes && part.Count > 0)
            {
                frames.Add(new Frame(self, _feed, ++_sequence, SnapshotEnd: false, part));
                (part, size) = ([], 0);
            }

            part.Add(op);
            size += bytes;
        }

        if (isSnapshot || part.Count > 0)
        {
            frames.Add(new Frame(self, _feed, ++_sequence, isSnapshot, part));
        }

        return frames;
    }

    // An upper bound: no character of UTF-16 takes more than three bytes of UTF-8.
    private static int SizeOf(FeedOp op) => op switch
    {
        FeedOp.Put { Entry: var entry } => 64 + SizeOf(entry.Id) + (3 * ((entry.ActorPath?.Length ?? 0) + (entry.ServerType?.Length ?? 0) + (entry.ServerKey?.Length ?? 0)))
            + entry.Meta.Sum(static pair => 8 + (3 * (pair.Key.Length + pair.Value.Length))),
        FeedOp.Remove remove => 32 + SizeOf(remove.Id),
        _ => 16,
    };

    private static int SizeOf(EntryId id) => 16 + (3 * (id.Scope.Length + id.Name.Length + id.Member.Length));
}
