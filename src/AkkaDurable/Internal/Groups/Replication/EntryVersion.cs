namespace AkkaDurable.Internal.Groups.Replication;

/// <summary>Tells runs of one server, or stays of one member, apart: the later one is greater.</summary>
/// <param name="Life">When the server's record was made, which begins its epochs anew; 0 for what is no server.</param>
/// <param name="Epoch">The epoch, or the number of the join on its node.</param>
internal readonly record struct EntryVersion(long Life, long Epoch) : IComparable<EntryVersion>
{
    public int CompareTo(EntryVersion other) => Life != other.Life ? Life.CompareTo(other.Life) : Epoch.CompareTo(other.Epoch);

    /// <summary>Whether it is over for certain when the other one has begun. Of two records that had the same key one after the other the clocks of two nodes may tell wrongly which was first.</summary>
    public bool IsEndedBy(EntryVersion later) => Life == later.Life && Epoch < later.Epoch;
}
