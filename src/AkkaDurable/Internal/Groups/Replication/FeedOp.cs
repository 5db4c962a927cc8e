namespace AkkaDurable.Internal.Groups.Replication;

/// <summary>One change that a node tells of its own entries.</summary>
internal abstract record FeedOp
{
    /// <summary>There is this entry.</summary>
    /// <param name="Entry">The entry.</param>
    /// <param name="Continues">Whether it is the same run or stay under a greater version.</param>
    public sealed record Put(Entry Entry, bool Continues = false) : FeedOp;

    /// <summary>There is no such entry up to this version.</summary>
    public sealed record Remove(EntryId Id, EntryVersion Version, LifecycleReason Reason) : FeedOp;

    /// <summary>From here on all is told that an interest asks for. What came before was told to an earlier one, and what became of it since may not have been.</summary>
    public sealed record Begins(long Interest) : FeedOp;

    /// <summary>All that an interest asked for has been told.</summary>
    public sealed record Ready(long Interest) : FeedOp;
}
